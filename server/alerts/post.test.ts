import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { type Resolver, readAllowed } from "@/lib/alert-target"
import { post } from "./post"
import { answers, openReceiver } from "./testing-receiver"

let receiver: Awaited<ReturnType<typeof openReceiver>>
beforeAll(async () => {
  receiver = await openReceiver()
})
afterAll(() => receiver.close())
beforeEach(() => {
  receiver.heard.length = 0
  receiver.answer(answers.ok)
})

const open = () => ({ allowed: readAllowed(receiver.host) })
/** A name that means this machine, whatever it meant when it was saved. */
const rebound = ((_host: string, _options: object, done: (error: null, found: object[]) => void) =>
  done(null, [{ address: "127.0.0.1", family: 4 }])) as unknown as Resolver

it("sends the very bytes, and says what came back", async () => {
  const posted = await post(`${receiver.url}/x`, "é", { "webhook-id": "msg_1" }, open())
  expect(posted).toEqual({ status: 200, retryAfterMs: null, excerpt: "ok", error: null, isForbidden: false })
  expect(receiver.heard[0]).toMatchObject({
    path: "/x",
    body: "é",
    headers: { "webhook-id": "msg_1", "content-length": "2" },
  })
})

it("a name that has come to mean this machine is not connected to", async () => {
  const port = receiver.host.split(":")[1]
  for (const target of ["https://hooks.example.com/", "https://hooks.example.com:8443/"])
    expect(await post(target, "{}", {}, { allowed: readAllowed(`127.0.0.1:${port}`), ask: rebound })).toMatchObject({
      status: null,
      isForbidden: true,
    })
  expect(receiver.heard).toEqual([])
})

it("an address inside is refused before anything is asked for", async () => {
  const posted = await post(`${receiver.url}/x`, "{}", {}, { allowed: readAllowed("") })
  expect([posted.isForbidden, posted.status, receiver.heard.length]).toEqual([true, null, 0])
})

it("a redirect is an answer, not a way", async () => {
  receiver.answer(answers.status(302, { location: `${receiver.url}/inside` }))
  expect((await post(`${receiver.url}/x`, "{}", {}, open())).status).toBe(302)
  expect(receiver.heard.map(({ path }) => path)).toEqual(["/x"])
})

it.each([
  ["120", 120_000],
  ["Fri, 20 Nov 2026 14:02:00 GMT", 60_000],
  ["soon", null],
])("Retry-After %s", async (text, wanted) => {
  receiver.answer(answers.status(429, { "retry-after": text }))
  const now = () => Date.parse("2026-11-20T14:01:00Z")
  expect((await post(receiver.url, "{}", {}, { ...open(), now })).retryAfterMs).toBe(wanted)
})

it("TLS that is none is said in words, without an address in them", async () => {
  const posted = await post(`https://${receiver.host}/geheim`, "{}", {}, open())
  expect(posted.error).toMatch(/TLS|cut|HTTP/)
  expect(posted.error).not.toContain("geheim")
})

it("our own end cuts what is on its way", async () => {
  receiver.answer(answers.never)
  const stopping = new AbortController()
  const posted = post(receiver.url, "{}", {}, { ...open(), stopping: stopping.signal })
  stopping.abort()
  expect((await posted).status).toBeNull()
})
