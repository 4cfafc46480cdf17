import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { EventSchema, type NativeEvent } from "@/lib/contracts/events"
import { RefusedError, sendEvents } from "@/scripts/lib/send-events"
import { fileHash, traceRow, traceRows } from "./azure-trace"
import { importTrace } from "./import-trace"

const MODEL = { provider: "openai", model: "gpt-5-mini" }

/** A listener that gives the prepared answers in turn, then takes everything; it keeps what it was sent. */
let server: Server
let url = ""
let plan: { status: number; headers?: Record<string, string>; body?: string }[] = []
let received: NativeEvent[][] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ""
    request.on("data", (chunk) => {
      text += chunk
    })
    request.on("end", () => {
      const { events } = JSON.parse(text) as { events: NativeEvent[] }
      const next = plan.shift()
      if (next) {
        if (next.status === 0) return void request.socket.destroy()
        return void response.writeHead(next.status, next.headers).end(next.body ?? "")
      }
      received.push(events)
      response.writeHead(200).end(
        JSON.stringify({
          accepted: events.length,
          duplicates: 0,
          conflicts: 0,
          rejected: 0,
          sanitized: 0,
          request_id: "r",
          results: [],
          results_truncated: false,
          warnings: [],
          directives: [],
        }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const folder = mkdtempSync(join(tmpdir(), "andon-import-"))
afterAll(() => rmSync(folder, { recursive: true }))
function csv(name: string, lines: string[]): string {
  const path = join(folder, name)
  writeFileSync(path, lines.join("\r\n"))
  return path
}

describe("the Azure trace", () => {
  it("a row is a call without a run, at its instant, with its tokens", () => {
    const { event, input, output } = traceRow("2023-11-16 18:17:03.9799600,4808,10", 1, "ab".repeat(32), MODEL)
    expect(event).toEqual({
      id: `azure:${"ab".repeat(16)}:1`,
      type: "cost",
      at: "2023-11-16T18:17:03.9799600Z",
      ...MODEL,
      usage: { input: 4808, output: 10 },
    })
    expect([input, output]).toEqual([4808, 10])
    expect(EventSchema.safeParse(event).success).toBe(true)
  })

  it("a row of another form is refused by its number, not skipped", () => {
    for (const line of [
      "2023-11-16 18:17:03,12",
      "2023-02-30 00:00:00,1,1",
      "16.11.2023 18:17:03,1,1",
      "2023-11-16 18:17:03,-1,1",
      "2023-11-16 18:17:03,1.5,1",
    ])
      expect(() => traceRow(line, 7, "", MODEL)).toThrow(/^row 7 /)
  })

  it("a file with another header, or none at all, is refused", async () => {
    const read = async (path: string) => {
      for await (const _ of traceRows(path, "", MODEL));
    }
    await expect(read(csv("other.csv", ["a,b,c", "1,2,3"]))).rejects.toThrow("is no Azure LLM inference trace")
    await expect(read(csv("empty.csv", []))).rejects.toThrow()
  })

  it("ids follow the content: the same file gives the same, another file others", async () => {
    const lines = ["TIMESTAMP,ContextTokens,GeneratedTokens", "2023-11-16 18:17:03.9799600,4808,10"]
    const hash = await fileHash(csv("a.csv", lines))
    expect(await fileHash(csv("same.csv", lines))).toBe(hash)
    expect(await fileHash(csv("b.csv", [...lines, "2023-11-16 18:17:04.0319600,3180,8"]))).not.toBe(hash)
  })
})

describe("importing", () => {
  const lines = ["TIMESTAMP,ContextTokens,GeneratedTokens"]
  for (let i = 0; i < 1_203; i++)
    lines.push(`2023-11-16 18:17:${String(i % 60).padStart(2, "0")}.0000001,${i},${i % 7}`)

  it("sends every row once, in batches of at most 500, and adds up what it sent", async () => {
    received = []
    plan = []
    const sum = await importTrace(csv("rows.csv", [...lines, ""]), MODEL, { url, key: "k" })
    expect(sum).toMatchObject({ rows: 1_203, accepted: 1_203, duplicates: 0, input: (1_202 * 1_203) / 2 })
    expect(received.map((batch) => batch.length).sort()).toEqual([203, 500, 500])
    expect(new Set(received.flat().map((event) => event.id)).size).toBe(1_203)
  })

  it("tries again what may pass, with the same ids and not before Retry-After", async () => {
    received = []
    plan = [{ status: 503, headers: { "retry-after": "7" } }, { status: 0 }, { status: 429 }, { status: 500 }]
    const waits: number[] = []
    const event = traceRow("2023-11-16 18:17:03.9799600,4808,10", 1, "", MODEL).event
    const statuses: (number | null)[] = []
    await sendEvents({ url, key: "k" }, [event], {
      wait: async (ms) => waits.push(ms),
      random: () => 1,
      onAttempt: (attempt) => statuses.push(attempt.status),
    })
    expect(statuses).toEqual([503, null, 429, 500, 200])
    expect(waits).toEqual([7_000, 1_000, 2_000, 4_000])
    expect(received).toEqual([[event]])
  })

  it.each([400, 401, 403, 404, 413, 415])("never tries %d again", async (status) => {
    plan = [{ status, body: JSON.stringify({ code: "some_code", detail: "because" }) }]
    const event = traceRow("2023-11-16 18:17:03.9799600,4808,10", 1, "", MODEL).event
    await expect(sendEvents({ url, key: "k" }, [event])).rejects.toThrow(
      new RefusedError(status, `${status} some_code: because`),
    )
    expect(plan).toEqual([])
  })

  it("gives up after its attempts, with the last reason", async () => {
    plan = [{ status: 503 }, { status: 503, body: "busy" }]
    await expect(sendEvents({ url, key: "k" }, [], { attempts: 2, wait: async () => {} })).rejects.toThrow(
      "after 2 attempts: 503 busy",
    )
  })
})
