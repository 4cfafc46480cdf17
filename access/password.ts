import { COMMON_PASSWORDS } from "@/access/common-passwords"
import { AppError } from "@/lib/errors"

const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

/**
 * Length, not composition: at least 12 characters, none of the common ones, not the e-mail address, no sequence.
 * @throws AppError `weak_password` naming `field`.
 */
export function assertStrongPassword(password: string, email: string, field = "password"): void {
  const reason = weakness(password, email)
  if (reason) throw new AppError("weak_password", reason, { field })
}

/** Why a password is refused, in words; null when it is good. */
export function weakness(password: string, email: string): string | null {
  const length = [...password].length
  if (length < PASSWORD_MIN)
    return `The password needs at least ${PASSWORD_MIN} characters; a sentence is easy to remember.`
  if (length > PASSWORD_MAX) return `The password may have at most ${PASSWORD_MAX} characters.`
  if (new Set(password).size < 5) return "The password repeats too few characters."
  if (isSequence(password)) return "The password is a simple sequence."
  const small = password.normalize("NFKC").toLowerCase()
  const forms = [plain(small), plain(small.replace(/^[^a-z]+|[^a-z]+$/g, "")), small.replace(/[^a-z]/g, "")]
  if (isAddress(small, email.toLowerCase())) return "The password must not be the e-mail address."
  if (forms.some(isRepeated)) return "The password repeats one short piece."
  if (forms.some((form) => COMMON_PASSWORDS.has(form))) return "The password is among the most common ones."
  return null
}

const LEET: Record<string, string> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
}

/** The usual substitutes undone, digits and signs at the end dropped: `p4ssw0rd2024!` is `password`. */
function plain(small: string): string {
  return [...small.replace(/[\d\W_]+$/, "")].map((letter) => LEET[letter] ?? letter).join("")
}

/** The address, or what stands before its @, with fewer than four characters of its own. */
function isAddress(small: string, address: string): boolean {
  const mailbox = address.split("@")[0] ?? ""
  if (small.includes(address)) return small.length - address.length < 4
  return mailbox.length >= 4 && small.split(mailbox).join("").length < 4
}

/** `123456789012`, `abcdefghijkl`, `121212121212`: the steps from letter to letter are always the same one or two. */
function isSequence(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0)
  return new Set(codes.slice(1).map((code, i) => code - (codes[i] ?? 0))).size <= 2
}

/** One piece of up to eight characters, over and over. */
function isRepeated(text: string): boolean {
  return /^(.{1,8}?)\1+$/.test(text)
}
