import { createHash } from "node:crypto"
import { normaliseText } from "@/lib/normalise-text"
import type { ExceptionKind } from "@/lib/vocabulary"

/** What makes two exceptions the same one. */
export type FingerprintOf = {
  kind: ExceptionKind
  workflow: string | null
  rule: string | null
  step: string | null
  reason: string | null
  /** Names one that is never the same as another, whatever else they share: a run drawn for an audit. */
  own?: string
}

/** Beyond this a reason says nothing new. */
const READ = 2_000

/** SHA-256 over what makes it the same, the reason without what differs from run to run; 32 hex digits. */
export function fingerprint({ kind, workflow, rule, step, reason, own }: FingerprintOf): string {
  const text = JSON.stringify([
    kind,
    workflow,
    rule,
    step,
    reason === null ? null : normaliseText(reason.slice(0, READ)),
    ...(own === undefined ? [] : [own]),
  ])
  return createHash("sha256").update(text).digest("hex").slice(0, 32)
}
