import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { formatMoney } from "@/lib/money"
import { RATE_NAMES } from "@/lib/price-lines"
import { ALWAYS, convertLitellm, parseNumbersAsText, providerOf } from "./litellm"
import { PriceBook, type PriceRow, parseRate } from "./price"
import { callOf } from "./testing-prices"

type Entry = Record<string, unknown>
const TEXT = new Set(["chat", "responses", "completion"])

/** Units of 10^-24, by another way than the converter's: the digits as a whole number, moved by the exponent. */
function units(value: unknown): bigint {
  if (typeof value !== "string") return 0n
  const [number = "0", exponent = "0"] = value.toLowerCase().split("e")
  const [whole = "0", fraction = ""] = number.split(".")
  return BigInt(whole + fraction) * 10n ** BigInt(24 + Number(exponent) - fraction.length)
}

/** What the file says of a model's text, in its plain tier; null = not both rates, or a price that no token has. */
function ratesOf(entry: Entry): { input: bigint; cached: bigint; output: bigint; request: bigint } | null {
  const ranges = entry.tiered_pricing as Entry[] | undefined
  const from = entry.input_cost_per_token === undefined && ranges ? (ranges[0] as Entry) : entry
  const [input, output] = [units(from.input_cost_per_token), units(from.output_cost_per_token)]
  const request = units(entry.input_cost_per_request)
  const cached = units(from.cache_read_input_token_cost) || units(from.input_cost_per_token_cache_hit) || input
  const isUnknown = output === 0n || (input === 0n && request === 0n)
  return isUnknown || input > units("0.0003") || output > units("0.0012") ? null : { input, cached, output, request }
}

function crossCheck(json: string) {
  const rows = convertLitellm(json, { validFrom: ALWAYS, sourceDate: "2026-07-24" })
  const book = new PriceBook(
    rows.map(
      (row, id): PriceRow => ({
        id,
        projectId: null,
        provider: row.provider,
        model: row.model,
        validFrom: 0,
        promptAbove: row.prompt_above ?? 0,
        serviceTier: row.service_tier ?? "standard",
        rates: Object.fromEntries(RATE_NAMES.map((name) => [name, parseRate(row[name] ?? null)])) as PriceRow["rates"],
      }),
    ),
    "file",
  )
  const file = parseNumbersAsText(json) as Record<string, Entry>
  const seen = { priced: 0, unknown: 0, twins: 0 }
  const wrong: unknown[] = []
  for (const [key, entry] of Object.entries(file)) {
    if (key === "sample_spec" || !TEXT.has(String(entry.mode))) continue
    const provider = providerOf(String(entry.litellm_provider))
    // The same model with its provider's prefix is the one that counts.
    if (!key.includes("/") && [entry.litellm_provider, provider].some((name) => `${String(name)}/${key}` in file)) {
      seen.twins++
      continue
    }
    const rates = ratesOf(entry)
    const bare = file[key.slice(key.indexOf("/") + 1)]
    // Unknown with its prefix and known without, it is priced by that.
    if (rates === null && bare && ratesOf(bare) && providerOf(String(bare.litellm_provider)) === provider) continue
    if (rates) seen.priced++
    else seen.unknown++
    for (const [usage, sum] of [
      [{ input: 1000, output: 200 }, rates && 1000n * rates.input + 200n * rates.output + rates.request],
      [
        { input: 100, cache_read: 900, output: 50 },
        rates && 100n * rates.input + 900n * rates.cached + 50n * rates.output + rates.request,
      ],
    ] as const) {
      const cost = book.price(callOf(key, usage, { provider }))?.cost ?? null
      if (cost !== sum) wrong.push([key, usage, cost && formatMoney(cost), sum && formatMoney(sum)])
    }
  }
  return { seen, wrong }
}

describe("a plain and a cached call cost what the file's rates say, exactly", () => {
  test("every text model of the extract", () => {
    const { seen, wrong } = crossCheck(readFileSync(join(import.meta.dirname, "fixtures/litellm-extract.json"), "utf8"))
    expect(wrong).toEqual([])
    expect(seen).toEqual({ priced: 199, unknown: 19, twins: 1 })
  })

  const samples = process.env.ANDON_DATA_SAMPLES
  const whole = samples ? join(samples, "litellm-model-prices.json") : ""
  // Reported as skipped, not as passed, where the file is not at hand.
  test.runIf(whole !== "" && existsSync(whole))("every text model of the whole file (ANDON_DATA_SAMPLES)", () => {
    const { seen, wrong } = crossCheck(readFileSync(whole, "utf8"))
    expect(wrong).toEqual([])
    expect(seen.priced).toBeGreaterThan(2000)
    process.stdout.write(`cross-check of the whole file: ${JSON.stringify(seen)}\n`)
  })
})
