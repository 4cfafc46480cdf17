import { createHash } from "node:crypto"
import type { ExceptionKind } from "@/lib/vocabulary"

/** What makes two exceptions the same one. */
export type FingerprintOf = {
  kind: ExceptionKind
  workflow: string | null
  rule: string | null
  step: string | null
  reason: string | null
}

/** SHA-256 over what makes it the same, the reason without what differs from run to run; 32 hex digits. */
export function fingerprint({ kind, workflow, rule, step, reason }: FingerprintOf): string {
  const text = JSON.stringify([kind, workflow, rule, step, reason === null ? null : normalizeReason(reason)])
  return createHash("sha256").update(text).digest("hex").slice(0, 32)
}

/** Beyond this a reason says nothing new, and patterns over it stay cheap. */
const READ = 2_000
const KEPT = 300

/**
 * A reason with its times, ids, hashes and numbers replaced by their kind, lower case, spaces collapsed: "row 17 of inv-00417 is empty" and
 * "row 9 of inv-00502 is empty" are the same. A model's or tool's name keeps its letters.
 */
export function normalizeReason(reason: string): string {
  return reason
    .slice(0, READ)
    .toLowerCase()
    .replace(/\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:z|[+-]\d{2}:?\d{2})?)?/g, "<time>")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<id>")
    .replace(/[\p{L}\p{N}_]+/gu, (word) => (isId(word) ? "<id>" : word))
    .replace(/\p{N}+(?:[.,]\p{N}+)*/gu, "<n>")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, KEPT)
}

/** A hash, or letters and digits mixed as only a machine does. */
function isId(word: string): boolean {
  const digits = word.replace(/\D/g, "").length
  if (digits === 0 || digits === word.length) return false
  return /^(?:0x)?[0-9a-f]{8,}$/.test(word) || (word.length >= 10 && digits >= 3 && /\d\D+\d/.test(word))
}
