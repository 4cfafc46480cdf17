import type { Grain } from "@/lib/contracts/read"
import { DOORS, type Door } from "@/lib/doors"
import { AppError } from "@/lib/errors"
import { isZone, parseInstant, toIso } from "@/lib/time"
import {
  DIMENSIONS,
  type Dimension,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  type ExceptionKind,
  type ExceptionState,
  PROOFS,
  type Proof,
  RUN_STATUSES,
  type RunStatus,
  SEVERITIES,
  type Severity,
  VERDICTS,
  type Verdict,
} from "@/lib/vocabulary"

/**
 * What a page or a call asks for, as its URL says it. One codec for pages, API and export: `parseFilters(toQuery(f))` is `f`.
 * Presets stay presets (`last=7d`); they become instants in `db/queries/range.ts`, from one injected `now` and in one zone.
 */
export type Filters = {
  /** Slug of the project; null = the viewer's first, or the one of the key. */
  project: string | null
  /** A preset, or null when `from` and `to` are given. */
  last: Last | null
  /** Instant (ISO 8601 with `Z`) or local date `YYYY-MM-DD` in the zone; half-open, so `to=2026-12-01` ends with November. */
  from: string | null
  to: string | null
  /** IANA zone; null = the project's. */
  tz: string | null
  /** What to group by, none to two dimensions. */
  by: Dimension[]
  /** Null = chosen by the length of the range. */
  grain: Grain | null
  /** Groups shown apart; the rest is summed as "other". */
  top: number
  /** What spend is measured in, ranked and drawn by. */
  metric: Metric
  /** Whether spend is set against the period before. */
  compare: Compare
  /** How spend is drawn: each bucket alone, summed up to it, or per run that started in it. */
  shape: Shape
  /** Values wanted per dimension, sorted; null = the events carry none. An absent dimension does not narrow. */
  dimensions: Partial<Record<Dimension, (string | null)[]>>
  status: RunStatus[]
  proof: Proof[]
  outcome: Verdict[]
  check: string[]
  /** Text to find runs by, taken literally: id, names, tags, models, errors. */
  q: string | null
  /** Spans only: calls without a price. */
  unpriced: boolean
  /** Spans only: calls that failed. */
  failed: boolean
  /** Spans only: calls whose reported cost is off the computed one by more than 2 %. */
  differing: boolean
  /** Exceptions only: none = those that are open, or all of one fingerprint. */
  state: ExceptionState[]
  /** Exceptions only. */
  kind: ExceptionKind[]
  severity: Severity[]
  /** Exceptions only: the e-mail address of whose they are. */
  assignee: string | null
  fingerprint: string | null
  /** Dead letters only: why it was refused, and the door that it came through. */
  code: string | null
  door: Door | null
  sort: Sort
  /** Opaque, from `next_cursor`. */
  cursor: string | null
  /** Null = the default of the list; each list has its own cap. */
  limit: number | null
}

/** Hours reach back from now; days are whole days of the zone with today as the last; `mtd` is this month, `last_month` the one before. */
export const LASTS = ["1h", "6h", "24h", "today", "7d", "30d", "90d", "mtd", "last_month", "365d"] as const
export type Last = (typeof LASTS)[number]
export const TIME_SORTS = ["newest", "oldest"] as const
export type TimeSort = (typeof TIME_SORTS)[number]
/** Of runs: by start, or the greatest first of what they cost, took, used or broke. */
export const SORTS = [...TIME_SORTS, "cost", "duration", "tokens", "errors"] as const
export type Sort = (typeof SORTS)[number]
export const METRICS = ["cost", "tokens", "calls"] as const
export type Metric = (typeof METRICS)[number]
export const COMPARES = ["none", "previous"] as const
export type Compare = (typeof COMPARES)[number]
export const SHAPES = ["bars", "cumulative", "per_run"] as const
export type Shape = (typeof SHAPES)[number]
/** `lib/contracts/read.ts` has the same words for the wire; kept apart because pages must not load zod. */
const GRAIN_WORDS = ["15m", "hour", "day", "week", "month"] as const satisfies readonly Grain[]

export const TOP_DEFAULT = 8
export const TOP_CAP = 50
const LIMIT_CAP = 5000
const VALUES_CAP = 100

export const DEFAULT_FILTERS: Filters = {
  project: null,
  last: "30d",
  from: null,
  to: null,
  tz: null,
  by: [],
  grain: null,
  top: TOP_DEFAULT,
  metric: "cost",
  compare: "none",
  shape: "bars",
  dimensions: {},
  status: [],
  proof: [],
  outcome: [],
  check: [],
  q: null,
  unpriced: false,
  failed: false,
  differing: false,
  state: [],
  kind: [],
  severity: [],
  assignee: null,
  fingerprint: null,
  code: null,
  door: null,
  sort: "newest",
  cursor: null,
  limit: null,
}

/** What a page may choose differently from `DEFAULT_FILTERS`; nothing that narrows, because a URL could not take it back. */
export type PageDefaults = Partial<Pick<Filters, "by" | "grain" | "top" | "sort">> & {
  last?: Last
  /** Instead of `by` where the shape is `per_run`: only what a run has as a whole can be split so. */
  perRunBy?: Dimension[]
}

/** What a URL gives: `URLSearchParams`, or the object that a Next page gets. */
export type Params = URLSearchParams | Record<string, string | string[] | undefined>

/**
 * Reads filters from a URL. Unknown parameters and empty values are ignored (a form sends its empty fields too).
 * @param defaults what holds where the URL is silent, on top of `DEFAULT_FILTERS`: a page's own choice.
 * @throws AppError `invalid_filter` naming the parameter.
 */
export function parseFilters(params: Params, defaults: PageDefaults = {}): Filters {
  const base = { ...DEFAULT_FILTERS, ...defaults }
  const all = (name: string) => valuesOf(params, name)
  const one = (name: string) => {
    const values = all(name)
    if (values.length > 1) throw invalid(name, "may be given once")
    return values[0] ?? null
  }
  const words = <T extends string>(name: string, allowed: readonly T[], otherwise: T[]): T[] => {
    const values = all(name).flatMap((value) => value.split(","))
    return values.length === 0 ? otherwise : unique(values.map((value) => word(name, allowed, value)))
  }
  const dimensions: Filters["dimensions"] = { ...base.dimensions }
  for (const dimension of DIMENSIONS) {
    const values = all(dimension)
    if (values.length > VALUES_CAP) throw invalid(dimension, `takes at most ${VALUES_CAP} values`)
    if (values.length > 0) dimensions[dimension] = sorted(values.map((value) => decodeValue(dimension, value)))
  }
  const choice = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T => {
    const value = one(name)
    return value === null ? otherwise : word(name, allowed, value)
  }
  const shape = choice("shape", SHAPES, base.shape)
  const by = words("by", [...DIMENSIONS, "total"] as const, [...usualBy(shape, base)]).filter(
    (value) => value !== "total",
  )
  if (by.length > 2) throw invalid("by", "takes at most two dimensions")
  const grain = one("grain")
  const sort = one("sort")
  const door = one("door")
  const flag = (name: string, otherwise: boolean) => choice(name, ["0", "1"] as const, otherwise ? "1" : "0") === "1"
  return {
    project: literal(one, "project", 64) ?? base.project,
    ...period(one, base),
    tz: zone(one("tz")) ?? base.tz,
    by,
    grain: grain === null ? base.grain : grain === "auto" ? null : word("grain", GRAIN_WORDS, grain),
    top: wholeNumber("top", one("top"), TOP_CAP) ?? base.top,
    metric: choice("metric", METRICS, base.metric),
    compare: choice("compare", COMPARES, base.compare),
    shape,
    dimensions,
    status: inOrder(RUN_STATUSES, words("status", RUN_STATUSES, base.status)),
    proof: inOrder(PROOFS, words("proof", PROOFS, base.proof)),
    outcome: inOrder(VERDICTS, words("outcome", VERDICTS, base.outcome)),
    check:
      all("check").length === 0 ? base.check : (sorted(all("check").map((v) => text("check", v, 1024))) as string[]),
    q: literal(one, "q", 800) ?? base.q,
    unpriced: flag("unpriced", base.unpriced),
    failed: flag("failed", base.failed),
    differing: flag("differing", base.differing),
    state: inOrder(EXCEPTION_STATES, words("state", EXCEPTION_STATES, base.state)),
    kind: inOrder(EXCEPTION_KINDS, words("kind", EXCEPTION_KINDS, base.kind)),
    severity: inOrder(SEVERITIES, words("severity", SEVERITIES, base.severity)),
    assignee: literal(one, "assignee", 254) ?? base.assignee,
    fingerprint: literal(one, "fingerprint", 64) ?? base.fingerprint,
    code: literal(one, "code", 64) ?? base.code,
    door: door === null ? base.door : word("door", DOORS, door),
    sort: sort === null ? base.sort : word("sort", SORTS, sort),
    cursor: literal(one, "cursor", 2048) ?? base.cursor,
    limit: wholeNumber("limit", one("limit"), LIMIT_CAP) ?? base.limit,
  }
}

/** The query string without `?`: keys sorted, what equals the defaults left out. Two equal filters give equal text. */
export function toQuery(filters: Filters, defaults: PageDefaults = {}): string {
  const base = { ...DEFAULT_FILTERS, ...defaults }
  const pairs: [string, string][] = []
  const put = (name: string, value: string | number | null, otherwise: string | number | null) => {
    if (value !== otherwise && value !== null) pairs.push([name, String(value)])
  }
  const putAll = (name: string, values: readonly string[], otherwise: readonly string[], whenEmpty?: string) => {
    if (same(values, otherwise)) return
    if (values.length === 0 && whenEmpty) pairs.push([name, whenEmpty])
    for (const value of values) pairs.push([name, value])
  }
  put("project", filters.project, base.project)
  put("last", filters.last, base.last)
  put("from", filters.from, base.from)
  put("to", filters.to, base.to)
  put("tz", filters.tz, base.tz)
  putAll("by", filters.by, usualBy(filters.shape, base), "total")
  if (filters.grain !== base.grain) pairs.push(["grain", filters.grain ?? "auto"])
  put("top", filters.top, base.top)
  put("metric", filters.metric, base.metric)
  put("compare", filters.compare, base.compare)
  put("shape", filters.shape, base.shape)
  for (const dimension of DIMENSIONS) {
    const encode = (values: readonly (string | null)[] | undefined) => (values ?? []).map(encodeValue)
    putAll(dimension, encode(filters.dimensions[dimension]), encode(base.dimensions[dimension]))
  }
  putAll("status", filters.status, base.status)
  putAll("proof", filters.proof, base.proof)
  putAll("outcome", filters.outcome, base.outcome)
  putAll("check", filters.check, base.check)
  put("q", filters.q, base.q)
  put("unpriced", filters.unpriced ? 1 : 0, base.unpriced ? 1 : 0)
  put("failed", filters.failed ? 1 : 0, base.failed ? 1 : 0)
  put("differing", filters.differing ? 1 : 0, base.differing ? 1 : 0)
  putAll("state", filters.state, base.state)
  putAll("kind", filters.kind, base.kind)
  putAll("severity", filters.severity, base.severity)
  put("assignee", filters.assignee, base.assignee)
  put("fingerprint", filters.fingerprint, base.fingerprint)
  put("code", filters.code, base.code)
  put("door", filters.door, base.door)
  put("sort", filters.sort, base.sort)
  put("cursor", filters.cursor, base.cursor)
  put("limit", filters.limit, base.limit)
  pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
  return new URLSearchParams(pairs).toString()
}

function usualBy(
  shape: Shape,
  { by, perRunBy }: Pick<Filters, "by"> & Pick<PageDefaults, "perRunBy">,
): readonly Dimension[] {
  return shape === "per_run" ? (perRunBy ?? by) : by
}

/** Key of a cache entry: equal filters, equal text. */
export const filterKey = (filters: Filters): string => toQuery(filters)

/** `~` is "none", `~-` the empty name, and a name that begins with `~` gets one more: no name can be mistaken for "none". */
export function encodeValue(value: string | null): string {
  if (value === null) return "~"
  if (value === "") return "~-"
  return value.startsWith("~") ? `~${value}` : value
}

function decodeValue(field: string, value: string): string | null {
  if (value === "~") return null
  if (value === "~-") return ""
  if (!value.startsWith("~")) return text(field, value, 1024)
  if (value.startsWith("~~")) return text(field, value.slice(1), 1024)
  throw invalid(field, "a name that begins with ~ is written with ~~")
}

const DATE = /^\d{4}-\d{2}-\d{2}$/

function period(one: (name: string) => string | null, base: Filters): Pick<Filters, "last" | "from" | "to"> {
  const last = one("last")
  const from = one("from")
  const to = one("to")
  if (from === null && to === null) {
    if (last === null) return { last: base.last, from: base.from, to: base.to }
    return { last: word("last", LASTS, last), from: null, to: null }
  }
  if (last !== null) throw invalid("last", "cannot go with from and to")
  if (from === null) throw invalid("from", "is missing")
  if (to === null) throw invalid("to", "is missing")
  const range = { last: null, from: moment("from", from), to: moment("to", to) }
  if (from.length === to.length && range.from >= range.to) throw invalid("to", "must be after from")
  return range
}

/** An instant in one spelling, or a calendar date left as it is: only the zone can say which instant it is. */
function moment(field: string, value: string): string {
  const instant = parseInstant(DATE.test(value) ? `${value}T00:00:00Z` : value)
  if (instant === null)
    throw invalid(field, "must be an instant such as 2026-11-01T00:00:00Z or a date such as 2026-11-01")
  return DATE.test(value) ? value : toIso(instant)
}

function zone(value: string | null): string | null {
  // A bare offset is refused: PostgreSQL reads "+05:30" with the sign turned round.
  if (value !== null && !(/^[A-Za-z]/.test(value) && isZone(value)))
    throw invalid("tz", "must be an IANA zone such as Europe/Berlin")
  return value
}

function wholeNumber(field: string, value: string | null, cap: number): number | null {
  if (value === null) return null
  const number = /^\d{1,6}$/.test(value) ? Number(value) : 0
  if (number < 1 || number > cap) throw invalid(field, `must be a whole number from 1 to ${cap}`)
  return number
}

function literal(one: (name: string) => string | null, field: string, longest: number): string | null {
  const value = one(field)
  return value === null ? null : text(field, value, longest)
}

function text(field: string, value: string, longest: number): string {
  if (value.length > longest) throw invalid(field, `is longer than ${longest} characters`)
  if (/[\0\p{Surrogate}]/u.test(value)) throw invalid(field, "holds a character that no name has")
  return value
}

function word<T extends string>(field: string, allowed: readonly T[], value: string): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw invalid(field, `must be one of ${allowed.join(", ")}`)
  return found
}

function valuesOf(params: Params, name: string): string[] {
  if (params instanceof URLSearchParams) return params.getAll(name).filter((value) => value !== "")
  const value = Object.hasOwn(params, name) ? params[name] : undefined
  return (value === undefined ? [] : Array.isArray(value) ? value : [value]).filter((item) => item !== "")
}

const unique = <T>(values: T[]): T[] => [...new Set(values)]
const inOrder = <T>(order: readonly T[], values: T[]): T[] => order.filter((item) => values.includes(item))
const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((item, i) => item === b[i])

/** Null first, then by code unit: any order will do, it only has to be one. */
function sorted(values: (string | null)[]): (string | null)[] {
  return unique(values).sort((a, b) => (a === b ? 0 : a === null ? -1 : b === null ? 1 : a < b ? -1 : 1))
}

function invalid(field: string, message: string): AppError {
  return new AppError("invalid_filter", `${field} ${message}.`, { field })
}
