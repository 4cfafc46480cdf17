import { EXTRAS, SPAN_KINDS, TOKEN_BUCKETS } from "@/lib/vocabulary"

/** Printable ASCII without a space at its ends: within every rule for names and ids of other formats, whose other letters are asked about one by one. */
const PLAIN = /^[!-~](?:[ -~]*[!-~])?$/
const ID = /^[A-Za-z0-9._:-]{1,128}$/
const DECIMAL = /^\d{1,8}(\.\d{1,12})?$/
const KINDS: ReadonlySet<unknown> = new Set(SPAN_KINDS)
const METERS: ReadonlySet<string> = new Set([...TOKEN_BUCKETS, ...EXTRAS])
const MOST_TOKENS = 1e12
const LONGEST = { id: 832, ref: 800, name: 256, title: 1024 } as const

/**
 * Whether a span is one that the schema takes as it is. Nearly all of what comes in is, and asking the schema costs a third of validation: so the common case is
 * looked at here, and everything that is not surely good (another script, a field that is not known, a wrong type) is left to the schema, which alone refuses.
 */
export function isPlainSpan(span: Record<string, unknown>, isForeign: boolean): boolean {
  if (span.type !== "span" || span.id === undefined || span.run === undefined || span.span === undefined) return false
  for (const key in span) {
    const value = span[key]
    if (value !== undefined && !isPlainField(key, value, isForeign)) return false
  }
  return true
}

function isPlainField(key: string, value: unknown, isForeign: boolean): boolean {
  switch (key) {
    case "type":
    case "input":
    case "output":
      return true
    case "id":
      return isForeign ? isText(value, LONGEST.id) : isId(value)
    case "parent":
      if (value === null) return true
      return isForeign ? isText(value, LONGEST.ref) : isId(value)
    case "run":
    case "span":
      return isForeign ? isText(value, LONGEST.ref) : isId(value)
    case "kind":
      return KINDS.has(value)
    case "status":
      return value === "ok" || value === "error"
    case "step":
    case "provider":
    case "model":
    case "response_model":
    case "service_tier":
    case "workflow":
    case "environment":
    case "release":
      return isText(value, LONGEST.name)
    case "name":
      return typeof value === "string" && value.length <= LONGEST.title
    case "end":
      return value === null || typeof value === "string"
    case "at":
    case "start":
    case "error":
    case "currency":
    case "schema_version":
      return typeof value === "string"
    case "seq":
    case "attempt":
      return isCount(value)
    case "cost":
      return typeof value === "string" && DECIMAL.test(value)
    case "usage":
      return isUsage(value)
    case "tags":
      return isTags(value)
    case "attributes":
      return isRecord(value)
    case "source":
      return isSource(value)
    default:
      return false
  }
}

const isText = (value: unknown, longest: number): boolean =>
  typeof value === "string" && value.length <= longest && PLAIN.test(value)
const isId = (value: unknown): boolean => typeof value === "string" && ID.test(value)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isOptionalText = (value: unknown): boolean => value === undefined || typeof value === "string"
const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value)

function isUsage(usage: unknown): boolean {
  if (!isRecord(usage)) return false
  for (const key in usage) {
    const value = usage[key]
    if (!METERS.has(key)) return false
    if (value !== undefined && !(isCount(value) && (value as number) <= MOST_TOKENS)) return false
  }
  return true
}

/** The schema leaves out a key that would be a prototype. */
function isTags(tags: unknown): boolean {
  if (!isRecord(tags)) return false
  for (const key in tags) if (typeof tags[key] !== "string" || key === "__proto__") return false
  return true
}

/** What else a decoder says of its reading stands in the ledger as it is. */
function isSource(source: unknown): boolean {
  if (!isRecord(source) || typeof source.format !== "string" || !isOptionalText(source.convention)) return false
  const { mapping_version: version, flags } = source
  if (version !== undefined && !isCount(version)) return false
  return flags === undefined || (Array.isArray(flags) && flags.every((flag) => typeof flag === "string"))
}
