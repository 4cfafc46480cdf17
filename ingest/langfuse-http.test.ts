import { describe, expect, test } from "vitest"
import { AppError } from "@/lib/errors"
import type { Incoming, Taken } from "./accept"
import { handleLangfuse, handleScore, type LangfuseOptions } from "./langfuse-http"
import type { RawRequest } from "./receive"

const LIMITS = { bodyBytes: 1_000_000, eventsPerRequest: 5, inFlightBytes: 2_000_000 }
const KEY = { keyId: 1, project: { id: 1, slug: "p", currency: "USD", prefersReportedCost: true } }

async function* body(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}
const request = (value: unknown): RawRequest => ({
  method: "POST",
  headers: { "content-type": "application/json; charset=utf-8", authorization: "Basic x" },
  body: body(JSON.stringify(value)),
  remote: null,
})
const authenticate = async () => KEY as never
const score = (id: string, value: unknown = 1) => ({
  id,
  type: "score-create",
  timestamp: "2026-11-20T10:00:00Z",
  body: { traceId: "t", name: "n", value, dataType: "BOOLEAN" },
})
const send = async (value: unknown, take: LangfuseOptions["take"], handle = handleLangfuse) => {
  const answer = await handle(request(value), authenticate, { limits: LIMITS, take })
  return { ...answer, json: JSON.parse(answer.body ?? "") as Record<string, unknown> }
}
const takes =
  (outcomes: Taken["outcomes"], seen: Incoming[] = []): LangfuseOptions["take"] =>
  async (input) => {
    seen.push(input)
    return { outcomes, sanitized: 0, ignored: [] }
  }

describe("the answer to a batch", () => {
  test("an event seen before is a success, whatever its body; what the store refused is not", async () => {
    const refused = { code: "not_storable", field: null, message: "cannot be held", id: null }
    const { status, json } = await send(
      { batch: [score("a"), score("b"), score("c"), score("d")] },
      takes(["accepted", "duplicate", "conflict", refused]),
    )
    expect([status, json]).toEqual([
      207,
      {
        successes: ["a", "b", "c"].map((id) => ({ id, status: 201 })),
        errors: [{ id: "d", status: 400, message: "Invalid request data", error: "cannot be held" }],
      },
    ])
  })

  test("trouble that passes is 503 with Retry-After and JSON, so that the client's own retry delivers", async () => {
    for (const code of ["database_unavailable", "busy", "storage_full"] as const) {
      const { status, headers, json } = await send({ batch: [score("a")] }, async () => {
        throw new AppError(code, "later")
      })
      expect([status, json.message, headers["content-type"]]).toEqual([503, "later", "application/json; charset=utf-8"])
      expect(Number(headers["retry-after"])).toBeGreaterThan(0)
    }
  })

  test("more events than a request may carry are refused whole", async () => {
    const batch = Array.from({ length: 6 }, (_, i) => score(`s${i}`))
    const seen: Incoming[] = []
    expect((await send({ batch }, takes([], seen))).status).toBe(413)
    expect(seen).toEqual([])
  })

  test("free-text ids are asked for, and the order of the batch is kept", async () => {
    const seen: Incoming[] = []
    await send({ batch: [score("b"), score("a")] }, takes(["accepted", "accepted"], seen))
    expect(seen[0]).toMatchObject({ door: "langfuse", events: [{ id: "langfuse:c:b" }, { id: "langfuse:c:a" }] })
  })
})

describe("a score outside a batch", () => {
  test("sent again has the same id as an event, changed has another", async () => {
    const seen: Incoming[] = []
    const take = takes(["accepted"], seen)
    const body = { id: "s", traceId: "t", name: "n", value: 1, dataType: "BOOLEAN" }
    for (const value of [body, { ...body }, { ...body, value: 0 }])
      expect((await send(value, take, handleScore)).json).toEqual({ id: "s" })
    const ids = seen.map(({ events }) => (events[0] as { id: string }).id)
    expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false])
  })
})
