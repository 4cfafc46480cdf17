import { describe, expect, it } from "vitest"
import type { KeyActor } from "@/access/actor"
import type { IngestAnswer } from "@/lib/contracts/events"
import type { Told } from "@/policy/apply-directives"
import type { Taken } from "./accept"
import { directivesHeader } from "./directives-header"
import { anOtlpSpan, jsonRequest } from "./formats/otlp/testing"
import { handleEvents } from "./http"
import { handleLangfuse } from "./langfuse-http"
import { otlpHandler } from "./otlp-http"
import type { RawRequest } from "./receive"

const told = (run: string, more: Partial<Told> = {}): Told => ({
  run,
  action: "halt",
  rule: "T10",
  observed: "validate",
  limit: "success",
  step: "load",
  ...more,
})

it("names action, run, rule and step, one item a run; nothing when nobody is to stop", () => {
  expect(directivesHeader([])).toEqual({})
  expect(directivesHeader([told("r1"), told("r2", { action: "quarantine", step: null })])).toEqual({
    "andon-directives": 'halt;run="r1";rule="T10";step="load", quarantine;run="r2";rule="T10"',
  })
})

it("carries no byte that could end a value or the header, whatever a run is called", () => {
  const header = directivesHeader([told('a"; \r\nSet-Cookie: x, ü💥', { step: "\ud800" })])["andon-directives"] ?? ""
  expect(header).toMatch(/^halt;run="[\w.~!*'()%-]+";rule="T10";step="[\w%]+"$/)
  expect(decodeURIComponent(/run="([^"]+)"/.exec(header)?.[1] ?? "")).toBe('a"; \r\nSet-Cookie: x, ü💥')
  expect(() => new Headers({ "andon-directives": header })).not.toThrow()
})

it("stays short and counts what it leaves out", () => {
  const many = Array.from({ length: 100 }, (_, i) => told(`run-${i}-${"x".repeat(60)}`))
  const header = directivesHeader([told("y".repeat(5_000)), ...many])
  expect(header["andon-directives"]?.length).toBeLessThanOrEqual(2_000)
  const items = header["andon-directives"]?.split(", ").length ?? 0
  expect(items).toBeGreaterThan(10)
  expect(header["andon-directives-left-out"]).toBe(String(101 - items))
})

describe("every door tells it", () => {
  const HALT = { "andon-directives": 'halt;run="r1";rule="T10";step="load"' }
  const options = {
    limits: { bodyBytes: 1 << 20, eventsPerRequest: 10, inFlightBytes: 1 << 24 },
    take: async (): Promise<Taken> => ({ outcomes: ["accepted"], sanitized: 0, ignored: [], told: [told("r1")] }),
    accept: async () => ({ directives: [told("r1")], warnings: [] }) as unknown as IngestAnswer,
  }
  const key = async () => ({ keyId: 1, project: { id: 1, slug: "p", currency: "USD" } }) as KeyActor
  const request = (text: string, type: string): RawRequest => ({
    method: "POST",
    remote: null,
    headers: { authorization: "Bearer x", "content-type": type },
    body: (async function* () {
      yield Buffer.from(text)
    })(),
  })
  const score = { id: "a", type: "score-create", timestamp: "2026-11-20T10:00:00Z", body: { traceId: "t", name: "n" } }

  it("in a header, with the body as its format has it", async () => {
    const spans = JSON.stringify(jsonRequest([anOtlpSpan({ "gen_ai.operation.name": "chat" })]))
    const otlp = await otlpHandler("traces")(request(spans, "application/json"), key, options)
    expect(otlp).toMatchObject({ status: 200, headers: HALT, body: "{}" })
    const batch = JSON.stringify({ batch: [score] })
    expect(await handleLangfuse(request(batch, "application/json"), key, options)).toMatchObject({
      ...{ status: 207, headers: HALT, body: expect.stringMatching(/^{"successes":/) },
    })
    const lines = await handleEvents(request("{}\n{}\n", "application/x-ndjson"), key, options)
    expect(lines).toMatchObject({ status: 200, headers: HALT, body: expect.stringContaining('"directives":[{') })
  })
})
