import type { Attributes, OtlpSpan, Value } from "@/ingest/formats/otlp/model"
import type { Counts, Holding } from "@/ingest/formats/tokens"
import type { SpanKind, Verdict } from "@/lib/vocabulary"

/** What a name of an attribute can give; the first of a list that is there counts. */
export const TEXTS = [
  "name",
  "model",
  "responseModel",
  "provider",
  "serviceTier",
  "agent",
  "workflow",
  "environment",
  "release",
  "session",
  "user",
  "team",
  "customer",
  "error",
] as const
export type Text = (typeof TEXTS)[number]

/** Names of counts, and whether its totals hold their parts (`Holding`). */
export type UsageNames = Partial<Record<keyof Counts, readonly string[]>> & { holds: Holding }

/** A span with what is asked of it again and again. */
export type View = {
  span: OtlpSpan
  a: Attributes
  /** First parts of the attributes' names, up to the first point. */
  families: ReadonlySet<string>
  isRoot: boolean
}

export type Found = { counts: Counts; holds: Holding; badCounts: string[] }
export type Judgement = { check: string; verdict: Verdict; score?: number; evidence?: string; verifier?: string }

/** How one way of naming things is read: tables where it can be a table. */
export type Convention = {
  name: string
  speaks: (view: View) => boolean
  kind?: (view: View) => SpanKind | undefined
  texts?: Partial<Record<Text, readonly string[]>>
  /** Where no name says it. */
  text?: (view: View, text: Text) => string | undefined
  usage?: UsageNames
  /** Where counts lie in JSON or depend on more than names. */
  readUsage?: (view: View) => Found | null
  cost?: readonly string[]
  readCost?: (view: View) => unknown
  input?: readonly string[]
  output?: readonly string[]
  /** Flattened lists, by their prefix with the last point. */
  inputPrefixes?: readonly string[]
  outputPrefixes?: readonly string[]
  /** What is behind these prefixes becomes tags. */
  tagPrefixes?: readonly string[]
  tagLists?: readonly string[]
  tagJson?: readonly string[]
  isError?: (view: View) => boolean
  /** A root for its application though its parent lies elsewhere. */
  isAppRoot?: (view: View) => boolean
  judgements?: (view: View) => Judgement[]
  /** Where a trace is not the run, or a request has an identity of its own. */
  identity?: (view: View) => { run?: string; span?: string }
  /** Parts of a run that end without ending it. */
  isSession?: boolean
}

/** A name from a table: letters that nobody else uses as a kind are no kind. */
export function kindFrom(table: Record<string, SpanKind>, value: Value | undefined): SpanKind | undefined {
  return typeof value === "string" && Object.hasOwn(table, value) ? table[value] : undefined
}

export function textAt(a: Attributes, names: readonly string[] | undefined): string | undefined {
  if (names === undefined) return undefined
  for (const name of names) {
    const value = a[name]
    if (typeof value === "string" && value.trim() !== "") return value
    if (typeof value === "number") return String(value)
  }
  return undefined
}

/** JSON in an attribute, or a value that came as an object already; undefined for anything else. */
export function recordAt(a: Attributes, name: string): Record<string, unknown> | undefined {
  const value = a[name]
  if (isRecord(value)) return value
  if (typeof value !== "string" || value.length > MAX_JSON || !value.trimStart().startsWith("{")) return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Metadata is short; what is longer is content. */
const MAX_JSON = 64 * 1024

export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value)
}

/** The value at a path of keys; undefined where it ends early. */
export function at(root: unknown, ...path: string[]): unknown {
  let value = root
  for (const key of path) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value
}
