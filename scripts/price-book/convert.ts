import { formatMoney, parseMoney } from "@/lib/money"

/** One dated list price, USD per token; null = the source names no such rate. `prompt_above` 0 is the base rate. */
export type PriceRow = {
  provider: string
  model: string
  prompt_above: number
  valid_from: string
  input: string
  cache_read: string | null
  cache_write: string | null
  output: string
  reasoning: string | null
  audio_input: string | null
  audio_output: string | null
  source: string
  source_date: string
}

const SOURCE = "LiteLLM model_prices_and_context_window.json (MIT)"
/** The source names no start of a price: older than any event that we take. */
const VALID_FROM = "2000-01-01T00:00:00.000Z"

/** The source's provider names whose models we take, as our provider names. Bare `gemini-…` keys there are Vertex AI's and left out. */
const PROVIDERS: Record<string, string> = {
  openai: "openai",
  anthropic: "anthropic",
  gemini: "google",
  mistral: "mistral",
  deepseek: "deepseek",
  xai: "xai",
  groq: "groq",
  cohere: "cohere",
  cohere_chat: "cohere",
}
const PREFIXES = ["gemini/", "mistral/", "deepseek/", "xai/", "groq/", "cohere/"]
const MODES = new Set(["chat", "responses", "embedding"])

/** Left out by name: a rate that is the price of 1,000 tokens; a chat model listed as an embedding without output. */
const WRONG_IN_SOURCE = new Set(["embed-multilingual-light-v3.0", "gemini-1.5-flash"])

const RATES = {
  input: "input_cost_per_token",
  cache_read: "cache_read_input_token_cost",
  cache_write: "cache_creation_input_token_cost",
  output: "output_cost_per_token",
  reasoning: "output_cost_per_reasoning_token",
  audio_input: "input_cost_per_audio_token",
  audio_output: "output_cost_per_audio_token",
} as const
type Rates = Record<keyof typeof RATES, string | null>

type Entry = Record<string, unknown>

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
  const parts = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!parts) throw new RangeError(`not a rate: ${text}`)
  const digits = `${parts[1]}${parts[2] ?? ""}`
  const point = (parts[1] as string).length + Number(parts[3] ?? 0)
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0")
  const at = point <= 0 ? 1 : point
  return formatMoney(parseMoney(at === padded.length ? padded : `${padded.slice(0, at)}.${padded.slice(at)}`))
}

/**
 * The rows of our price book from LiteLLM's file: base rate and long-context tiers of the providers above, token-priced text models and
 * embeddings. A tier's missing rate is the base rate. Fine-tunes (their names carry an organisation), batch, flex and priority
 * rates are left out, and so are models without a rate for input and output. A rate of 0 means "free or unknown" there, and unknown is
 * not zero: it counts as absent, but for the output of embeddings, which have none. Sorted by provider, model, tier.
 */
export function convert(json: string, sourceDate: string): PriceRow[] {
  const rows = new Map<string, PriceRow>()
  for (const [key, value] of Object.entries(parseNumbersAsText(json) as Record<string, unknown>)) {
    if (key === "sample_spec" || typeof value !== "object" || value === null) continue
    const entry = value as Entry
    const provider = PROVIDERS[String(entry.litellm_provider)]
    if (!provider || !MODES.has(String(entry.mode)) || key.startsWith("ft:")) continue
    const prefix = PREFIXES.find((candidate) => key.startsWith(candidate)) ?? ""
    const model = key.slice(prefix.length)
    if (WRONG_IN_SOURCE.has(model)) continue
    const base = rates(entry, "")
    if (entry.mode === "embedding") base.output ??= "0"
    if (base.input === null || base.output === null) continue
    for (const tier of ["", ...tiersOf(entry)]) {
      const own = tier === "" ? base : rates(entry, tier)
      const limit = tier === "" ? 0 : Number(/\d+/.exec(tier)?.[0]) * 1000
      // xAI charges the higher rate from the limit on, the others above it.
      const promptAbove = provider === "xai" && limit > 0 ? limit - 1 : limit
      const id = JSON.stringify([provider, model, promptAbove])
      // Where the source has a model with and without its provider's prefix, the one with it wins.
      if (rows.has(id) && prefix === "") continue
      rows.set(id, {
        provider,
        model,
        prompt_above: promptAbove,
        valid_from: VALID_FROM,
        input: own.input ?? base.input,
        cache_read: own.cache_read ?? base.cache_read,
        cache_write: own.cache_write ?? base.cache_write,
        output: own.output ?? base.output,
        // Without a rate of its own in the tier, reasoning costs what output costs there, not the base's reasoning rate.
        reasoning: own.reasoning ?? (own.output === null ? base.reasoning : null),
        audio_input: own.audio_input ?? base.audio_input,
        audio_output: own.audio_output ?? base.audio_output,
        source: SOURCE,
        source_date: sourceDate,
      })
    }
  }
  return [...rows.values()].sort(
    (a, b) => order(a.provider, b.provider) || order(a.model, b.model) || a.prompt_above - b.prompt_above,
  )
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function rates(entry: Entry, suffix: string): Rates {
  const read = (name: string): string | null => {
    const text = entry[`${name}${suffix}`]
    const rate = typeof text === "string" ? plainDecimal(text) : null
    return rate === "0" ? null : rate
  }
  const out = Object.fromEntries(Object.entries(RATES).map(([bucket, name]) => [bucket, read(name)])) as Rates
  // DeepSeek's older name for the same rate.
  out.cache_read ??= suffix === "" ? read("input_cost_per_token_cache_hit") : null
  return out
}

/** `_above_200k_tokens` and its like, of the plain service tier. */
function tiersOf(entry: Entry): string[] {
  const found = new Set<string>()
  for (const name of Object.keys(entry)) {
    const tier = /^(?:input|output)_cost_per_token(_above_\d+k_tokens)$/.exec(name)
    if (tier) found.add(tier[1] as string)
  }
  return [...found]
}
