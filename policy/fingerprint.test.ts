import { describe, expect, it } from "vitest"
import { fingerprint } from "@/policy/fingerprint"

const HALT = { kind: "halt", workflow: "invoices", rule: "T01", step: "parse", reason: "schema mismatch" } as const

describe("a fingerprint", () => {
  it("is the same for the same, and stays so across releases", () => {
    expect(fingerprint(HALT)).toBe(fingerprint({ ...HALT, reason: "Schema  mismatch" }))
    expect(fingerprint(HALT)).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([
    ["row 17 of inv-00417 is empty", "Row 9 of  inv-502 is empty"],
    ["cost $4.20 is over $3", "cost $1,204.75 is over $3.00"],
    ["hash deadbeef01 differs", "hash 0xCAFE0000BABE differs"],
    ["order ord_9f3k2m1q8z failed", "order ord_1a2b3c4d5e failed"],
  ])("is the same for %s and %s", (reason, other) => {
    expect(fingerprint({ ...HALT, reason })).toBe(fingerprint({ ...HALT, reason: other }))
  })

  it("reads no more than the beginning of a very long reason", () => {
    const reason = `${"why ".repeat(1_000)}`
    expect(fingerprint({ ...HALT, reason })).toBe(fingerprint({ ...HALT, reason: `${reason} and then` }))
  })

  it.each([
    ["workflow", { workflow: "orders" }],
    ["rule", { rule: "T02" }],
    ["step", { step: "load" }],
    ["reason", { reason: "timeout" }],
    ["no step", { step: null }],
    ["no reason", { reason: null }],
  ])("differs with its %s", (_, change) => {
    expect(fingerprint({ ...HALT, ...change })).not.toBe(fingerprint(HALT))
  })

  it("nothing and the word for it are two", () => {
    expect(fingerprint({ ...HALT, step: null })).not.toBe(fingerprint({ ...HALT, step: "null" }))
    expect(fingerprint({ ...HALT, workflow: "a", rule: "b" })).not.toBe(
      fingerprint({ ...HALT, workflow: "ab", rule: "" }),
    )
  })
})
