"use client"

import { exceptionHref } from "@/components/data/exceptions"
import { CAUSE_WORDS, lightOf } from "@/components/exceptions/words"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { Panel, type PanelQuery } from "@/components/ui/panel"
import type { ExceptionDetail } from "@/lib/contracts/exceptions"
import { plural } from "@/lib/format"
import { whoOf } from "@/lib/who"

/** The same trouble at other times, and what was found then. */
export function Siblings({ query }: { query: PanelQuery<ExceptionDetail> }) {
  const { slug } = useScope()
  return (
    <Panel
      title="The same before"
      query={query}
      minHeight={96}
      isEmpty={({ siblings }) => siblings.length === 0}
      empty={<p className="text-ink-11">No other exception has this workflow, step, rule and reason.</p>}
    >
      {({ kind, siblings }) => (
        <ul>
          {siblings.map((one) => (
            <li key={one.id} className="log-entry">
              <p className="flex flex-wrap items-center gap-x-3">
                <Light light={lightOf(kind, one.state).light}>{lightOf(kind, one.state).word}</Light>
                <Link href={exceptionHref(slug, { id: one.id, kind })} className="link" prefetch={false}>
                  number {one.id}
                </Link>
                <span className="text-ink-10">
                  {plural(one.count, "run")}, latest <When at={one.last_seen_at} />
                </span>
              </p>
              {one.cause === null || one.resolved_by === null ? null : (
                <p className="text-ink-11 wrap-anywhere">
                  <bdi>{whoOf(one.resolved_by)}</bdi>: {CAUSE_WORDS[one.cause]}
                  {one.note === null ? null : <bdi> — {one.note}</bdi>}
                </p>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}
