import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { configureAccess, readAccessConfig } from "@/access/config"
import { assertOwnOrigin, requestIdOf } from "@/access/guard"

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "andon-guard-"))
  configureAccess(readAccessConfig({ ANDON_DATA_DIR: dir, ANDON_URL: "https://andon.example" }))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const judge = (method: string, headers: Record<string, string>) => {
  try {
    assertOwnOrigin({ method, headers: new Headers(headers) })
    return "taken"
  } catch (error) {
    return (error as { code: string }).code
  }
}
const OWN = "https://andon.example"

describe("B57 changes come from our own pages", () => {
  it.each([
    ["no origin", {}],
    ["another site", { origin: "https://evil.example" }],
    ["a sandboxed page", { origin: "null" }],
    ["our name over http", { origin: "http://andon.example" }],
    ["another port", { origin: "https://andon.example:8443" }],
    ["a longer name", { origin: "https://andon.example.evil.example" }],
    ["a sister site", { origin: OWN, "sec-fetch-site": "same-site" }],
    ["a cross-site request that claims our origin", { origin: OWN, "sec-fetch-site": "cross-site" }],
    ["a typed address", { origin: OWN, "sec-fetch-site": "none" }],
    ["a forged host", { host: "andon.example", "x-forwarded-host": "andon.example", referer: OWN }],
  ])("refuses %s", (_, headers) => {
    for (const method of ["POST", "PATCH", "PUT", "DELETE"]) expect(judge(method, headers)).toBe("bad_origin")
  })

  it("takes our own origin, with and without fetch metadata", () => {
    expect(judge("POST", { origin: OWN })).toBe("taken")
    expect(judge("DELETE", { origin: OWN, "sec-fetch-site": "same-origin" })).toBe("taken")
  })

  it("does not judge reads, nor a caller with a key, who has no ambient right", () => {
    expect(judge("GET", { origin: "https://evil.example" })).toBe("taken")
    expect(judge("POST", { authorization: "Bearer andon_live_x" })).toBe("taken")
  })
})

it("keeps a request id that can stand in a log line, and makes one otherwise", () => {
  expect(requestIdOf(new Headers({ "x-request-id": "abcdef-0123" }))).toBe("abcdef-0123")
  for (const bad of ["short", "with space in it", "x".repeat(65), '"quoted-and-bad"'])
    expect(requestIdOf(new Headers({ "x-request-id": bad }))).toMatch(/^[0-9a-f-]{36}$/)
})
