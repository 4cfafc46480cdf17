"use client"

import { useScope } from "@/components/frame/project"
import type { PolicyDocument } from "@/lib/contracts/policies"
import { policyDifference } from "@/lib/policy-words"

/** What a version says otherwise than another, in words. */
export function PolicyDifference({ before, after }: { before: PolicyDocument | null; after: PolicyDocument }) {
  const { project } = useScope()
  const changes = policyDifference(before, after, project.currency)
  if (changes.length === 0) return <p className="text-label text-ink-10">Says the same.</p>
  return (
    <ul className="flex flex-col gap-1">
      {changes.map(({ label, before, after, effect }) => (
        <li key={label} className="policy-words">
          <span className="text-ink-11">{label}: </span>
          {before === null ? null : <del className="text-ink-10">{before}</del>}
          {before !== null && after !== null ? " → " : null}
          {after === null ? (
            <span className="text-ink-11"> no longer</span>
          ) : (
            <ins className="no-underline">{after}</ins>
          )}
          {effect === "changed" ? null : <span className="setting-mark ml-2">{effect}</span>}
        </li>
      ))}
    </ul>
  )
}
