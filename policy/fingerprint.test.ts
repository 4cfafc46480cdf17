import { describe, expect, it } from "vitest"
import { fingerprint, normalizeReason } from "@/policy/fingerprint"

const HALT = { kind: "halt", workflow: "invoices", rule: "T01", step: "parse", reason: "schema mismatch" } as const

describe("a reason without what differs from run to run", () => {
  it.each([
    ["row 17 of inv-00417 is empty", "row 9 of inv-502 is empty", "row <n> of inv-<n> is empty"],
    ["cost $4.20 is over $3", "cost $1,204.75 is over $3.00", "cost $<n> is over $<n>"],
    [
      "no answer from 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
      "No answer  from 00000000-0000-4000-8000-00000000000a\n",
      "no answer from <id>",
    ],
    ["hash deadbeef01 differs", "hash 0xCAFE0000BABE differs", "hash <id> differs"],
    ["at 2026-11-20T10:00:00.123Z", "at 2025-01-02", "at <time>"],
    ["order ord_9f3k2m1q8z failed", "order ord_1a2b3c4d5e failed", "order <id> failed"],
  ])("%s = %s", (one, other, normal) => {
    expect(normalizeReason(one)).toBe(normal)
    expect(normalizeReason(other)).toBe(normal)
  })

  it.each([
    ["schema mismatch", "schema missing"],
    ["tool s3_upload failed", "tool sftp_upload failed"],
    ["deadline facade", "deadline decade"],
  ])("but what differs in words differs: %s, %s", (one, other) => {
    expect(normalizeReason(one)).not.toBe(normalizeReason(other))
  })

  it("a very long reason is read to its bound, whatever it holds", () => {
    expect(normalizeReason("x".repeat(1_000_000))).toHaveLength(300)
    expect(normalizeReason("1a".repeat(500_000))).toBe("<id>")
  })
})

describe("a fingerprint", () => {
  it("is the same for the same, and stays so across releases", () => {
    expect(fingerprint(HALT)).toBe(fingerprint({ ...HALT, reason: "Schema  mismatch" }))
    expect(fingerprint(HALT)).toMatch(/^[0-9a-f]{32}$/)
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
