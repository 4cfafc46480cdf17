const FIRST = 3
/** What says only that something was written, or is said beside it. */
const ABOUT_THE_ROW = new Set(["id", "version", "reason", "created_at", "created_by", "updated_at"])

/**
 * @param before what it was, null when it was not there; @param after what it became, null when it is gone.
 * @returns `amount: 4000 → 5000` for each field that differs; of what was made or removed, each field with a value. `first`: three at
 *   most, of what the thing is itself.
 */
export function changeLines(before: unknown, after: unknown): { first: string[]; rest: string[] } {
  const [old, new_] = [fieldsOf(before), fieldsOf(after)]
  if (old === null || new_ === null) {
    const parts = [before, after].filter((part) => part !== null && part !== undefined).map(text)
    return { first: parts.length === 0 ? [] : [parts.join(" → ")], rest: [] }
  }
  const line = (name: string) => {
    const [from, to] = [text(old[name]), text(new_[name])]
    if (from === to) return []
    if (before === null || before === undefined) return [`${name}: ${to}`]
    return [after === null || after === undefined ? `${name}: ${from}` : `${name}: ${from} → ${to}`]
  }
  const names = [...new Set([...Object.keys(old), ...Object.keys(new_)])]
  const told = names.filter((name) => !ABOUT_THE_ROW.has(name)).flatMap(line)
  const about = names.filter((name) => ABOUT_THE_ROW.has(name)).flatMap(line)
  return { first: told.slice(0, FIRST), rest: [...told.slice(FIRST), ...about] }
}

/** The fields of an object; none of nothing; null of anything else. */
function fieldsOf(value: unknown): Record<string, unknown> | null {
  if (value === null || value === undefined) return {}
  return typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : null
}

function text(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–"
  return typeof value === "string" ? value : JSON.stringify(value)
}
