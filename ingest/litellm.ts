import { formatMoney, type Money, parseMoney } from "@/lib/money"
import { RATE_NAMES, type RateName } from "@/lib/price-lines"
import type { ServiceTier } from "@/lib/vocabulary"
import type { ListPrice } from "./price-book"
import { canonicalProvider } from "./price-names"

const LITELLM_SOURCE = "LiteLLM model_prices_and_context_window.json (MIT)"
/** The source names no start of a price: older than any event that we take. */
export const ALWAYS = "2000-01-01T00:00:00.000Z"

/** Priced by tokens or by pieces that a source can count. */
const MODES = new Set([
  ...["chat", "responses", "completion", "realtime", "embedding", "rerank", "image_generation"],
  ...["audio_transcription", "audio_speech"],
])
/** Sizes, qualities and reserved capacity are told by no usage. */
const UNTOLD = /^(\d+-x-\d+|max-x-max|low|medium|high|hd|standard)\/|-month-commitment\//
/** Left out by name: a rate that is the price of 1,000 tokens; a chat model listed as an embedding without output. */
const WRONG_IN_SOURCE = new Set(["embed-multilingual-light-v3.0", "gemini/gemini-1.5-flash"])

const FIELDS: Record<Exclude<RateName, "image" | "search" | "request">, string> = {
  input: "input_cost_per_token",
  cache_read: "cache_read_input_token_cost",
  cache_write: "cache_creation_input_token_cost",
  cache_write_1h: "cache_creation_input_token_cost_above_1hr",
  output: "output_cost_per_token",
  reasoning: "output_cost_per_reasoning_token",
  audio_input: "input_cost_per_audio_token",
  audio_output: "output_cost_per_audio_token",
  image_input: "input_cost_per_image_token",
  image_output: "output_cost_per_image_token",
}
const TOKEN_RATES = Object.keys(FIELDS) as (keyof typeof FIELDS)[]
const TIERS: [ServiceTier, string][] = [
  ["batch", "_batches"],
  ["flex", "_flex"],
  ["priority", "_priority"],
]

/** A token that costs more is a slip of units in the source: the price of a thousand, or of a million. The dearest model there is takes half of it. */
const MOST = { input: parseMoney("0.0003"), output: parseMoney("0.0012") }

type Entry = Record<string, unknown>
type Rates = Partial<Record<RateName, string>>

/** Numbers of a JSON text as strings, so that no rate goes through a binary float. */
export function parseNumbersAsText(json: string): unknown {
  return JSON.parse(
    json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    ),
  )
}

/** `2.5e-06` -> `0.0000025`: a plain decimal without exponent or trailing zeros. @throws RangeError when the text is no number. */
export function plainDecimal(text: string): string {
  const parts = /^(\d{1,20})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text)
  if (!parts) throw new RangeError(`not a rate: ${text.slice(0, 50)}`)
  const digits = `${parts[1]}${parts[2] ?? ""}`
  const point = (parts[1] as string).length + Number(parts[3] ?? 0)
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0")
  const at = point <= 0 ? 1 : point
  return formatMoney(parseMoney(at === padded.length ? padded : `${padded.slice(0, at)}.${padded.slice(at)}`))
}

/**
 * The rows of our price book from LiteLLM's file: base rate, service tiers and long-context tiers of what is priced by tokens or pieces. A tier's missing
 * rate is that of the standard tier for prompts of that length, else the tier's own, else the base. A rate of 0 means "free or unknown" there, and unknown
 * is not zero: it counts as absent, but for the output of what has none. Sorted by provider, model, tier.
 * @throws RangeError, SyntaxError when the text is not such a file.
 */
export function convertLitellm(json: string, at: { validFrom: string; sourceDate: string }): ListPrice[] {
  const rows = new Map<string, ListPrice>()
  const file = parseNumbersAsText(json)
  if (file === null || typeof file !== "object" || Array.isArray(file)) throw new RangeError("not an object of models")
  for (const [key, value] of Object.entries(file)) {
    if (key === "sample_spec" || typeof value !== "object" || value === null) continue
    const entry = value as Entry
    if (typeof entry.litellm_provider !== "string" || !MODES.has(String(entry.mode))) continue
    if (UNTOLD.test(key) || WRONG_IN_SOURCE.has(key)) continue
    const provider = providerOf(entry.litellm_provider)
    const { model, hasPrefix } = modelOf(key, entry.litellm_provider)
    for (const row of rowsOf(entry, provider)) {
      const id = JSON.stringify([provider, model, row.service_tier, row.prompt_above])
      // Where the source has a model with and without its provider's prefix, the one with it wins.
      if (rows.has(id) && !hasPrefix) continue
      rows.set(id, {
        provider,
        model,
        ...(row.service_tier === "standard" ? {} : { service_tier: row.service_tier }),
        ...(row.prompt_above === 0 ? {} : { prompt_above: row.prompt_above }),
        ...(row.rates as Rates & { input: string; output: string }),
        valid_from: at.validFrom,
        source: LITELLM_SOURCE,
        source_date: at.sourceDate,
      })
    }
  }
  return [...rows.values()].sort(
    (a, b) =>
      order(a.provider, b.provider) ||
      order(a.model, b.model) ||
      order(a.service_tier ?? "", b.service_tier ?? "") ||
      (a.prompt_above ?? 0) - (b.prompt_above ?? 0),
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Our name of a provider of the file: Vertex's families are one, and so are the two ways into Bedrock. */
export function providerOf(name: string): string {
  if (name.startsWith("vertex_ai")) return "vertex_ai"
  return canonicalProvider(name.replace(/-embedding-models$/, ""))
}

function modelOf(key: string, provider: string): { model: string; hasPrefix: boolean } {
  const slash = key.indexOf("/")
  const prefix = key.slice(0, Math.max(slash, 0))
  const isOwn = prefix !== "" && providerOf(prefix).replaceAll("-", "_") === providerOf(provider).replaceAll("-", "_")
  return { model: isOwn ? key.slice(slash + 1) : key, hasPrefix: isOwn }
}

type Row = { service_tier: ServiceTier; prompt_above: number; rates: Rates }

function rowsOf(entry: Entry, provider: string): Row[] {
  const base = complete(tokenRates(entry, [""]), entry)
  if (base === null) return Array.isArray(entry.tiered_pricing) ? rangesOf(entry, entry.tiered_pricing) : []
  const limits = limitsOf(entry)
  const rows: Row[] = []
  for (const [tier, suffix] of [["standard", ""] as const, ...TIERS]) {
    if (suffix !== "" && !(`input_cost_per_token${suffix}` in entry || `output_cost_per_token${suffix}` in entry))
      continue
    for (const limit of ["", ...limits]) {
      const rates = complete(tierRates(entry, suffix, limit), entry)
      const above = limit === "" ? 0 : Number(/\d+/.exec(limit)?.[0]) * 1000
      // xAI charges the higher rate from the limit on, the others above it.
      if (rates)
        rows.push({ service_tier: tier, prompt_above: provider === "xai" && above > 0 ? above - 1 : above, rates })
    }
  }
  const fast = (entry.provider_specific_entry as Entry | undefined)?.fast
  if (typeof fast !== "string") return rows
  const by = parseMoney(plainDecimal(fast))
  return [
    ...rows,
    ...rows.filter(isStandard).map((row) => ({ ...row, service_tier: "fast" as const, rates: times(row.rates, by) })),
  ]
}

/** Above a limit a tier without a rate of its own takes the dearer of the limit's and its own short one: never the cheaper of two guesses. */
function tierRates(entry: Entry, suffix: string, limit: string): Rates {
  if (suffix === "" || limit === "") return tokenRates(entry, [...new Set([`${suffix}${limit}`, ""])])
  const own = tokenRates(entry, [`${limit}${suffix}`])
  const [long, short] = [tokenRates(entry, [limit, ""]), tokenRates(entry, [suffix, ""])]
  const dearer = (a: string | undefined, b: string | undefined) =>
    a === undefined || (b !== undefined && parseMoney(b) > parseMoney(a)) ? b : a
  return dropAbsent(Object.fromEntries(TOKEN_RATES.map((name) => [name, own[name] ?? dearer(long[name], short[name])])))
}

const isStandard = (row: Row) => row.service_tier === "standard"

/** Rates with several ranges of the prompt; a request is billed whole by the range that it falls into. */
function rangesOf(entry: Entry, ranges: unknown[]): Row[] {
  return ranges.flatMap((each): Row[] => {
    const range = (each as Entry)?.range
    const rates = complete(tokenRates(each as Entry, [""]), entry)
    if (!Array.isArray(range) || rates === null) return []
    return [{ service_tier: "standard", prompt_above: Math.trunc(Number(range[0])), rates }]
  })
}

/** The first of the suffixes under which a rate is named. */
function tokenRates(entry: Entry, suffixes: readonly string[]): Rates {
  const read = (field: string): string | undefined => {
    const text = entry[field]
    const rate = typeof text === "string" ? plainDecimal(text) : undefined
    return rate === "0" ? undefined : rate
  }
  const rates: Rates = {}
  for (const name of TOKEN_RATES) {
    for (const suffix of suffixes) {
      const rate = read(`${FIELDS[name]}${suffix}`)
      // Where a tier names its output rate and none of reasoning, reasoning costs what output costs there.
      if (rate === undefined && !(name === "reasoning" && read(`${FIELDS.output}${suffix}`) !== undefined)) continue
      if (rate !== undefined) rates[name] = rate
      break
    }
  }
  // DeepSeek's older name for the same rate.
  rates.cache_read ??= read("input_cost_per_token_cache_hit")
  return dropAbsent(rates)
}

/** With what is billed by the piece, and zero where there is nothing to bill. Null: what such a call costs is not known. */
function complete(rates: Rates, entry: Entry): Rates | null {
  const mode = String(entry.mode)
  const read = (value: unknown): string | undefined => {
    const rate = typeof value === "string" ? plainDecimal(value) : undefined
    return rate === "0" ? undefined : rate
  }
  const search = entry.search_context_cost_per_query as Entry | undefined
  const makesImages = mode === "image_generation"
  const all: Rates = dropAbsent({
    ...rates,
    image: read(entry.output_cost_per_image) ?? (makesImages ? read(entry.input_cost_per_image) : undefined),
    search: read(search?.search_context_size_medium),
    request: read(entry.input_cost_per_request) ?? read(entry.input_cost_per_query),
  })
  const isByPiece = all.request !== undefined || (makesImages && all.image !== undefined)
  if (isByPiece) all.input ??= "0"
  if (mode === "embedding" || isByPiece) all.output ??= "0"
  all.output ??= mode === "chat" ? undefined : (all.image_output ?? all.audio_output)
  if (all.input === undefined || all.output === undefined) return null
  const isSlip = parseMoney(all.input) > MOST.input || parseMoney(all.output) > MOST.output
  return isSlip ? null : dropAbsent(all)
}

/** `_above_200k_tokens` and its like, whatever names them. */
function limitsOf(entry: Entry): string[] {
  const found = new Set<string>()
  for (const name of Object.keys(entry)) {
    const limit = /^(?:input|output)_cost_per_token(_above_\d+k_tokens)/.exec(name)
    if (limit) found.add(limit[1] as string)
  }
  return [...found]
}

function times(rates: Rates, by: Money): Rates {
  const unit = parseMoney("1")
  return Object.fromEntries(
    Object.entries(rates).map(([name, rate]) => [
      name,
      name in FIELDS ? formatMoney((parseMoney(rate) * by) / unit) : rate,
    ]),
  )
}

function dropAbsent(rates: { [Name in RateName]?: string | undefined }): Rates {
  return Object.fromEntries(RATE_NAMES.flatMap((name) => (rates[name] === undefined ? [] : [[name, rates[name]]])))
}
