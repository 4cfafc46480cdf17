/** A number of a JSON text whose digits no number of the language holds: kept as it was sent. */
export class Digits {
  constructor(readonly text: string) {}
}

/** A character that no text is parsed with that has it: what begins with it in the second reading was put there by the first. */
const MARK = "\ue000"
const HAS_MARK = /\ue000|\\u[eE]000/
/** At least 16 digits in a row, or an exponent: shorter numbers always survive. */
const MAY_LOSE = /\d[\d.]{15}|\d[eE][+-]?\d/
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * The value of a JSON text; a number that would lose digits on the way is one of `Digits`.
 * @throws SyntaxError when the text is no JSON.
 */
export function parseExactly(text: string): unknown {
  const value = JSON.parse(text) as unknown
  if (!MAY_LOSE.test(text) || HAS_MARK.test(text)) return value
  let isLosing = false
  const marked = text.replace(STRING_OR_NUMBER, (token) => {
    if (token.startsWith('"') || survives(token)) return token
    isLosing = true
    return `"${MARK}${token}"`
  })
  if (!isLosing) return value
  return JSON.parse(marked, (_, one: unknown) =>
    typeof one === "string" && one.startsWith(MARK) ? new Digits(one.slice(1)) : one,
  ) as unknown
}

/** JSON with two spaces a level, each number with the digits it came with; null where it is nested too deeply to be written. */
export function writeExactly(value: unknown): string | null {
  let isHeld = false
  try {
    const text = JSON.stringify(
      value,
      (_, one: unknown) => {
        if (!(one instanceof Digits)) return one
        isHeld = true
        return MARK + one.text
      },
      2,
    )
    return isHeld ? text.replace(/"\ue000([^"]*)"/g, "$1") : (text ?? "")
  } catch {
    // What JSON.parse reads without a stack, JSON.stringify writes with one.
    return null
  }
}

const survives = (token: string): boolean => {
  const number = Number(token)
  return Number.isFinite(number) && plain(String(number)) === plain(token)
}

/** The digits that count and the place of the first: the same for `1.50`, `15e-1` and `1.5`. */
function plain(number: string): string {
  const [mantissa = "", exponent = "0"] = number.toLowerCase().replace(/^-/, "").split("e")
  const [whole = "", part = ""] = mantissa.split(".")
  const all = whole + part
  const digits = all.replace(/^0+/, "")
  if (digits === "") return "0"
  return `${digits.replace(/0+$/, "")} ${BigInt(exponent) + BigInt(whole.length - (all.length - digits.length))}`
}
