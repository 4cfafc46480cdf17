import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import book from "@/db/price-book.json"
import { Spend } from "@/lib/contracts/read"
import { formatMoney, parseMoney } from "@/lib/money"
import { type Booted, bootServer } from "@/server/testing"
import { importTrace } from "./import-trace"

const MODEL = { provider: "anthropic", model: "claude-sonnet-4-5" }
const ROWS = 1_301
let server: Booted
const folder = mkdtempSync(join(tmpdir(), "andon-import-"))
const file = join(folder, "trace.csv")

beforeAll(async () => {
  const lines = ["TIMESTAMP,ContextTokens,GeneratedTokens"]
  for (let i = 0; i < ROWS; i++) {
    const second = String(i % 60).padStart(2, "0")
    lines.push(
      `2023-11-16 1${i % 10}:17:${second}.${String(i).padStart(7, "0")},${(i * 7_919) % 9_000},${(i * 31) % 700}`,
    )
  }
  writeFileSync(file, lines.join("\r\n"))
  server = await bootServer()
})
afterAll(async () => {
  await server?.dispose()
  rmSync(folder, { recursive: true })
})

async function spend(): Promise<Spend["total"]> {
  const url = `${server.url}/api/v1/spend?from=2023-11-16&to=2023-11-17&by=model`
  const response = await fetch(url, { headers: { authorization: `Bearer ${server.key}` } })
  return Spend.parse(await response.json()).total
}

describe("importing a trace over HTTP", () => {
  it("calls, tokens and cost on Spend equal an independent sum over the rows; imported twice changes nothing", async () => {
    let [input, output] = [0, 0]
    for (let i = 0; i < ROWS; i++) {
      input += (i * 7_919) % 9_000
      output += (i * 31) % 700
    }
    const price = book.find(
      (row) => row.provider === MODEL.provider && row.model === MODEL.model && !row.prompt_above && !row.service_tier,
    )
    const cost = BigInt(input) * parseMoney(price?.input ?? "0") + BigInt(output) * parseMoney(price?.output ?? "0")
    const target = { url: server.url, key: server.key }

    expect(await importTrace(file, MODEL, target)).toMatchObject({
      rows: ROWS,
      input,
      output,
      accepted: ROWS,
      duplicates: 0,
      rejected: 0,
    })
    const once = await spend()
    expect(once).toMatchObject({ calls: ROWS, unpriced_calls: 0, cost: formatMoney(cost) })
    expect([once.tokens.input, once.tokens.output]).toEqual([input, output])

    expect(await importTrace(file, MODEL, target)).toMatchObject({
      accepted: 0,
      duplicates: ROWS,
      conflicts: 0,
      rejected: 0,
    })
    expect(await spend()).toEqual(once)
  })
})
