"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { traceHref } from "@/components/data/href"
import { HALTS_DEFAULTS, haltsQuery } from "@/components/data/runs"
import { useFilters } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { haltedSentence } from "@/components/halted/sentence"
import { Choose } from "@/components/ui/choose"
import { useClock } from "@/components/ui/clock"
import { Cost, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Pager } from "@/components/ui/pager"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { useRowKeys } from "@/components/ui/row-keys"
import type { RunRow } from "@/lib/contracts/read"
import { TIME_SORTS } from "@/lib/filters"
import { formatDuration, shortenMiddle } from "@/lib/format"
import { runLight, runWord } from "@/lib/lights"

/** What stands still now: for the one who is called at night, on a phone. */
export function HaltedView() {
  const { filters, change, hrefWith } = useFilters(HALTS_DEFAULTS)
  const { project } = useScope()
  const { now } = useClock()
  const halts = useQuery(haltsQuery(filters))
  const keys = useRowKeys()
  const isNarrowed = Object.keys(filters.dimensions).length > 0
  return (
    <>
      {halts.data ? (
        <h1 className="text-title">{haltedSentence(halts.data, project.currency, now)}</h1>
      ) : (
        <div className="skeleton h-6 w-2/3" />
      )}
      <Panel
        title="Halted runs"
        query={halts}
        minHeight={320}
        isEmpty={(data) => data.items.length === 0}
        empty={
          isNarrowed || filters.cursor !== null ? (
            <FilteredOut what="halted runs" filters="these filters" clear={() => change({ dimensions: {} })} />
          ) : (
            <p className="text-ink-11">
              Nothing is halted. A run that stops on purpose stands here within a second, with its step and its reason.
            </p>
          )
        }
        actions={
          <>
            {halts.data ? <Shown shown={halts.data.items.length} count={halts.data.count} one="run" /> : null}
            <Choose
              label="First"
              value={filters.sort === "oldest" ? "oldest" : "newest"}
              options={TIME_SORTS.map((sort) => [sort, sort] as const)}
              onChange={(sort) => change({ sort })}
            />
          </>
        }
      >
        {(data) => (
          <>
            <ul onKeyDown={keys}>
              {data.items.map((run) => (
                <li key={run.id} className="border-b border-line last:border-b-0">
                  <HaltedRun run={run} project={filters.project} />
                </li>
              ))}
            </ul>
            <Pager
              newest={filters.cursor === null ? null : hrefWith({ cursor: null })}
              older={data.next_cursor === null ? null : hrefWith({ cursor: data.next_cursor })}
            />
          </>
        )}
      </Panel>
    </>
  )
}

/** The whole card is one target for a thumb. */
function HaltedRun({ run, project }: { run: RunRow; project: string | null }) {
  const { now } = useClock()
  const { project: scope } = useScope()
  const since = run.ended_at ?? run.last_event_at
  return (
    <Link href={traceHref(project, run.id)} data-row className="halted-card" prefetch={false}>
      <span className="flex items-center gap-3">
        <Light light={runLight(run)}>{runWord(run)}</Light>
        <span className="text-label text-ink-11">for {formatDuration(Math.max(0, now - Date.parse(since)))}</span>
        <span className="ml-auto text-title font-strong">
          <Cost value={run.cost} currency={scope.currency} />
        </span>
      </span>
      <span className="font-strong break-words">
        {run.workflow ?? "no workflow"}
        <span className="font-normal text-ink-11">{run.halt?.step ? ` stopped at ${run.halt.step}` : " stopped"}</span>
      </span>
      <span className="break-words text-ink-11">{run.halt?.reason ?? "No reason was given."}</span>
      <span className="flex flex-wrap gap-x-4 text-label text-ink-10">
        <span>by {run.halt?.by ?? "unknown"}</span>
        {run.halt?.rule ? <span>rule {run.halt.rule}</span> : null}
        <code title={run.id}>{shortenMiddle(run.id, 24)}</code>
        <When at={since} />
      </span>
    </Link>
  )
}
