"use client"

import { pageHref, traceHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import type { Exception, ExceptionRun } from "@/lib/contracts/exceptions"
import { DEFAULT_FILTERS } from "@/lib/filters"
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

/** What concerns no run has its evidence on a page: what stopped the line, the budget, the runs that did not come. */
export function EvidencePlace({ exception: { kind, workflow } }: { exception: Pick<Exception, "kind" | "workflow"> }) {
  const { slug } = useScope()
  const place = PLACES[kind]
  if (!place) return null
  const dimensions = workflow === null || kind === "budget" ? {} : { workflow: [workflow] }
  return (
    <Link
      href={pageHref(place.path, { ...DEFAULT_FILTERS, project: slug, dimensions })}
      className="link"
      prefetch={false}
    >
      {place.word}
    </Link>
  )
}

const PLACES: Partial<Record<Exception["kind"], { path: string; word: string }>> = {
  line_stop: { path: "/exceptions", word: "what stopped it" },
  budget: { path: "/settings/budgets", word: "its budget" },
  silence: { path: "/runs", word: "its runs" },
}
