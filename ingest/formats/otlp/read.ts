import { toAmount } from "@/ingest/formats/amount"
import { CONVENTIONS, KIND_ORDER } from "@/ingest/formats/conventions/all"
import {
  type Convention,
  type Found,
  isRecord,
  type Text,
  textAt,
  type View,
} from "@/ingest/formats/conventions/convention"
import { kindByTraces } from "@/ingest/formats/conventions/gen-ai"
import { countsAt } from "@/ingest/formats/conventions/usage"
import { toName } from "@/ingest/formats/names"
import { type Buckets, disjoint, hasTokens } from "@/ingest/formats/tokens"
import { formatMoney, parseMoney } from "@/lib/money"
import type { SpanKind } from "@/lib/vocabulary"
import type { Origin, OtlpSpan } from "./model"
import { type Shape, shapeOf } from "./shape"

/** A span, and the conventions that it speaks, the most particular first. */
export type Reading = { view: View; shape: Shape; spoken: Convention[] }

export function readingOf(span: OtlpSpan): Reading {
  const shape = shapeOf(span.attributes)
  const view = { span, a: span.attributes, families: shape.families, isRoot: span.parentId === "" }
  return { view, shape, spoken: CONVENTIONS.filter((convention) => convention.speaks(view)) }
}

const INTERNAL = 1

/** `isGuess`: nothing said it; what attributes there are made it likely. */
export function kindOf({ view, spoken }: Reading): { kind: SpanKind; isGuess: boolean } {
  for (const convention of KIND_ORDER) {
    const kind = spoken.includes(convention) ? convention.kind?.(view) : undefined
    if (kind !== undefined) return { kind, isGuess: false }
  }
  const byTraces = kindByTraces(view)
  if (byTraces !== undefined) return { kind: byTraces, isGuess: true }
  if (view.isRoot) return { kind: "agent", isGuess: true }
  // A request, a query, a message: part of the machinery, and no unit of the agent's plan.
  return { kind: view.span.kind <= INTERNAL ? "step" : "other", isGuess: true }
}

export function textOf({ view, shape, spoken }: Reading, text: Text): string | undefined {
  for (const convention of spoken) {
    const names = convention.texts?.[text]
    const found = convention.text?.(view, text) ?? (names && textAt(view.a, shape.given(names)))
    if (found !== undefined) return found
  }
  return undefined
}

export const nameOf = (reading: Reading, text: Text): string | undefined => toName(textOf(reading, text))

/** Of a span or of who sent it. */
export function shared({ view, shape }: Reading, names: readonly string[]): string | undefined {
  return toName(textAt(view.a, shape.given(names))) ?? ofSender(view.span.origin, names)
}

/** Many spans have one sender, who is asked the same again and again. */
const senders = new WeakMap<Origin, Map<readonly string[], string | undefined>>()

function ofSender(origin: Origin, names: readonly string[]): string | undefined {
  let known = senders.get(origin)
  if (!known) {
    known = new Map()
    senders.set(origin, known)
  }
  if (!known.has(names)) known.set(names, toName(textAt(origin.resource, names)))
  return known.get(names)
}

export type Money = { usage?: Buckets; cost?: string; flags: string[]; warnings: string[] }

/** Tokens from the first convention that has any, all from that one: two ways of counting are never mixed. */
export function moneyOf(reading: Reading, kind: SpanKind): Money {
  const out: Money = { flags: [], warnings: [] }
  const found = usageOf(reading)
  if (found && found.badCounts.length > 0) {
    out.flags.push("bad_token_count")
    out.warnings.push(`${found.badCounts.join(", ")} is no token count: the span was kept without usage`)
  } else if (found) {
    const read = disjoint(totalOfEmbedding(found, kind), found.holds)
    if (read) {
      out.usage = read.usage
      out.flags.push(...read.flags)
    }
  }
  const given = costOf(reading)
  if (given === undefined) return out
  const cost = amountOf(given)
  if (cost === null) {
    out.flags.push("bad_cost")
    out.warnings.push("a cost is no amount of money: the span was kept without it")
  } else if (cost === "0" && out.usage && hasTokens(out.usage)) {
    // Clients that do not know a model say that it costs nothing: unknown is not zero.
    out.flags.push("zero_cost_ignored")
  } else out.cost = cost
  return out
}

function usageOf({ view, shape, spoken }: Reading): Found | null {
  for (const convention of spoken) {
    const found = convention.readUsage
      ? convention.readUsage(view)
      : convention.usage && countsAt(view.a, shape.usage(convention.usage))
    if (found) return found
    if (convention.isSession) return null
  }
  return null
}

/** An embedding has no output: its total is its input. */
function totalOfEmbedding({ counts }: Found, kind: SpanKind): Found["counts"] {
  const { input, output, total } = counts
  return kind === "embedding" && input === undefined && output === undefined && total !== undefined
    ? { ...counts, input: total, total: undefined }
    : counts
}

function costOf({ view, spoken }: Reading): unknown {
  for (const convention of spoken) {
    const read = convention.readCost?.(view)
    if (read !== undefined) return read
    for (const name of convention.cost ?? []) if (view.a[name] !== undefined) return view.a[name]
  }
  return undefined
}

/** A list is of parts. */
function amountOf(given: unknown): string | null {
  if (!Array.isArray(given)) return toAmount(given)
  let sum = 0n
  for (const part of given) {
    const amount = toAmount(part)
    if (amount === null) return null
    sum += parseMoney(amount)
  }
  return formatMoney(sum)
}

const ERROR = 2
const OK = 1

/** Failed by its status, by a convention's own word, or by what it recorded; null while it has not ended. */
export function failureOf(reading: Reading, hasEnded: boolean): { status: "ok" | "error" | null; error?: string } {
  const { view, spoken } = reading
  const { span, a } = view
  const exception = span.events.find((event) => event.name === "exception")?.attributes
  const failed =
    span.status === ERROR ||
    spoken.some((convention) => convention.isError?.(view)) ||
    (span.status !== OK && (typeof a["error.type"] === "string" || exception !== undefined))
  if (!failed) return { status: hasEnded || span.status === OK ? "ok" : null }
  const words = [
    span.statusMessage,
    textOf(reading, "error"),
    exception?.["exception.message"],
    a["error.message"],
    a["error.type"],
    exception?.["exception.type"],
  ]
  const error = words.find((word) => typeof word === "string" && word.trim() !== "")
  return { status: "error", ...(typeof error === "string" ? { error } : {}) }
}

/** Values of a prefix, a list or a record of metadata, as tags. */
export function tagsOf(reading: Reading): Record<string, string> {
  const { view, spoken } = reading
  const tags = new Map<string, string>()
  for (const text of PEOPLE) addTag(tags, text, textOf(reading, text))
  for (const [tag, names] of PLACES) addTag(tags, tag, shared(reading, names))
  for (const convention of spoken) {
    for (const name of convention.tagLists ?? [])
      for (const tag of listOf(view.a[name])) addTag(tags, ...keyAndValue(tag))
    for (const name of convention.tagJson ?? [])
      for (const [key, value] of entriesOf(view.a[name])) addTag(tags, key, value)
    for (const prefix of convention.tagPrefixes ?? [])
      for (const name in view.a)
        if (name.startsWith(prefix) && !convention.tagLists?.includes(name))
          addTag(tags, name.slice(prefix.length), view.a[name])
  }
  for (const [tag, names] of PLACES) for (const name of names) if (tags.has(name)) addTag(tags, tag, tags.get(name))
  return Object.fromEntries(tags)
}

/** The first of a name counts. */
function addTag(tags: Map<string, string>, key: string, value: unknown): void {
  if (value === undefined) return
  const name = toName(key, 128)
  const text = toName(typeof value === "boolean" ? String(value) : value)
  if (name !== undefined && text !== undefined && tags.size < MAX_TAGS && !tags.has(name)) tags.set(name, text)
}

const PEOPLE = ["session", "user"] as const
const MAX_TAGS = 50
/** Under which spend is booked; other names of the same. */
const PLACES: readonly (readonly [string, readonly string[]])[] = [
  ["team", ["team", "team.id", "team.name", "team_id", "teamId"]],
  [
    "customer",
    ["customer", "customer.id", "customer_id", "customerId", "tenant.id", "tenant_id", "tenantId", "tenant"],
  ],
]

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value !== "string" || value.length > 10_000) return []
  if (!value.startsWith("[")) return value.split(",")
  try {
    const parsed: unknown = JSON.parse(value)
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  if (isRecord(value)) return Object.entries(value)
  if (typeof value !== "string" || !value.startsWith("{") || value.length > 10_000) return []
  try {
    const parsed: unknown = JSON.parse(value)
    return isRecord(parsed) ? Object.entries(parsed) : []
  } catch {
    return []
  }
}

/** "team:a" is a tag with a value; one without has the value "true". */
function keyAndValue(tag: unknown): [string, unknown] {
  const text = typeof tag === "string" ? tag.trim() : ""
  const colon = text.indexOf(":")
  return colon > 0 && colon < text.length - 1 ? [text.slice(0, colon), text.slice(colon + 1)] : [text, "true"]
}
