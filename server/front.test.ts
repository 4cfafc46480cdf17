import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Front } from "./front"
import { Health } from "./health"
import { call } from "./testing-http"

/** The front alone, before pages that only say which path they were asked for. */
let server: Server
let port: number
beforeAll(async () => {
  const health = new Health()
  health.phase = "serving"
  const front = new Front({
    health,
    authenticate: async () => {
      throw new Error("nobody ingests here")
    },
    remoteOf: () => null,
    live: () => null,
    next: () => (req, res) => res.end(`page ${req.url}`),
    hasIngestFront: false,
    isSecure: false,
    dev: false,
  })
  server = createServer((req, res) => front.handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

test.each(["/runs/%ff", "/api/v1/runs/%ff", "/api/v1/runs/%", "/%c3%28", "/runs/a%zz?x=1"])(
  "%s holds an escape that is no text: 400 before the pages see it",
  async (path) => {
    const answer = await call({ port }, path)
    expect([answer.status, answer.json.code]).toEqual([400, "invalid_input"])
    expect(answer.headers["content-type"]).toContain("application/problem+json")
    expect(answer.json.request_id).toBe(answer.headers["x-request-id"])
  },
)

test.each(["/runs/%C3%BC", "/runs/a%2Fb", "/runs/100%25", "/runs?q=%ff", "/api/v1/runs/%F0%9F%98%80"])(
  "%s is the pages' own",
  async (path) => {
    expect((await call({ port }, path)).text).toBe(`page ${path}`)
  },
)
