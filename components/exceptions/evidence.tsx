"use client"

import Link from "next/link"
import { traceHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { Icon } from "@/components/ui/icon"
import type { ExceptionRun } from "@/lib/contracts/exceptions"
import { shortenMiddle } from "@/lib/format"

/** What ran last before the run stopped, and the way to the span that shows why. */
export function Evidence({ run: { run_id, run } }: { run: ExceptionRun }) {
  const { slug } = useScope()
  if (!run?.last) return null
  const { kind, name } = run.last
  return (
    <Link
      href={traceHref(slug, run_id, run.evidence_span_id ?? undefined)}
      className="link ran-last"
      prefetch={false}
      title={`Open the evidence: the last ${kind} that ran was ${name}`}
    >
      <Icon name={kind} size={14} />
      <span>
        last ran <bdi>{shortenMiddle(name, 40)}</bdi> ({kind})
      </span>
    </Link>
  )
}
