import type { Proven } from "./testing-events"

/** What stories of a run and its proof are told with: the output at the end, one before it, who checked, and the words of the wire. */
export const FINAL = `sha256:${"f".repeat(64)}`
export const OLDER = `sha256:${"0".repeat(64)}`
export const VERIFIER = { name: "row_count.sh", hash: `sha256:${"a".repeat(64)}` }
export const PLAN = ["s1", "s2", "s3", "s4", "s5", "s6"]
export const STEP = { ok: "succeeded", failed: "failed", skipped: "skipped", cancelled: "cancelled" } as const
export const VERDICT = { pass: "passed", fail: "failed", error: "error", skip: "skipped" } as const
export const instant = (second: number) => new Date(Date.UTC(2026, 10, 20, 10, 0, second)).toISOString()

export type Fields = Record<string, unknown>

/** A proof and its reasons in a few words. */
export const brief = ({ proof, reasons }: Proven) => [
  proof,
  ...reasons.map((r) => [r.code, r.step ?? r.check].join(" ").trim()),
]
