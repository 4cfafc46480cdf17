const CHUNK = /[^\s"'`()[\]{}<>|=;]+/gu
const INVISIBLE = /\p{Cf}+/gu
const CONTROL = /[\p{Cc}\s]+/gu
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const HASH = /^(?:sha\d{1,3}|md5):[0-9a-f]+$/
const DATE = /^\d{4}-\d\d-\d\d(?:$|t)/
const CLOCK = /^\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?z?$/
const FILE = /\.[a-z][a-z0-9]{0,4}$/
const WORD = /[\p{L}\p{Nd}]+/gu
const NUMBER = /\p{Nd}+(?:[.,]\p{Nd}+)*/gu
const EXPONENT = /^[+-]?\p{Nd}+(?:\.\p{Nd}+)?e[+-]?\p{Nd}+$/u
const DIGITS = /\p{Nd}+/gu
const EDGE = ".,:!?"
const LONGEST_WORD = 64
/** Most of a text. Shorter than any hash or id that is without a digit. */
const PLAIN_WORD = /^[a-z_-]{1,31}$/

/**
 * A text without what differs from case to case: numbers, times, ids, hashes, paths and addresses become `<n>`, `<time>`, `<id>`, `<path>`,
 * `<url>`; case, white space and invisible characters are evened out. Two texts with one result tell of the same thing, so the result can
 * group them. Time grows linearly with the text: every pattern is anchored or walks forward without a way back.
 */
export function normaliseText(text: string): string {
  const plain = text.toWellFormed().replace(INVISIBLE, "").replace(CONTROL, " ").trim().toLowerCase()
  return plain.replace(CHUNK, normaliseChunk)
}

function normaliseChunk(chunk: string): string {
  if (PLAIN_WORD.test(chunk)) return chunk
  let [from, to] = [0, chunk.length]
  while (from < to && EDGE.includes(chunk.charAt(from))) from++
  while (to > from && EDGE.includes(chunk.charAt(to - 1))) to--
  return chunk.slice(0, from) + normaliseCore(chunk.slice(from, to)) + chunk.slice(to)
}

function normaliseCore(core: string): string {
  if (core.includes("://")) return "<url>"
  if (isPath(core)) return "<path>"
  if (HASH.test(core)) return "<id>"
  if (DATE.test(core) || CLOCK.test(core)) return "<time>"
  if (EXPONENT.test(core)) return "<n>"
  // A sign belongs to its number, a hyphen between words to neither.
  const unsigned = /^[+-]\p{Nd}/u.test(core) ? core.slice(1) : core
  return unsigned
    .replace(UUID, "<id>")
    .split("<id>")
    .map((part) => part.replace(WORD, normaliseWord).replace(NUMBER, "<n>"))
    .join("<id>")
}

function isPath(core: string): boolean {
  const first = core.search(/[\\/]/)
  if (first < 0 || core.length < 3) return false
  if (first === 0 || core.startsWith("./") || core.startsWith("../") || core.startsWith("~/")) return true
  if (/^[a-z]:[\\/]/.test(core)) return true
  // One slash in the middle is a path only before a file name: "3/4" and "and/or" are not.
  const last = Math.max(core.lastIndexOf("/"), core.lastIndexOf("\\"))
  return FILE.test(core.slice(-8)) && /\p{L}/u.test(core.slice(last + 1))
}

/** Ids by their look: long hex with a digit in it, or letters and digits that take turns. `step3` and `v2` are words with a number. */
function normaliseWord(word: string): string {
  if (word.length > LONGEST_WORD) return "<id>"
  const runs = word.match(DIGITS)?.length ?? 0
  if (runs === 0) return word.length >= 32 && /^[0-9a-f]+$/.test(word) ? "<id>" : word
  if (/^\p{Nd}+$/u.test(word)) return word
  if (word.length >= 7 && /^[0-9a-f]+$/.test(word)) return "<id>"
  if (word.length >= 6 && runs >= 2) return "<id>"
  return word.replace(DIGITS, "<n>")
}
