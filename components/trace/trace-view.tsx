"use client"

import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useEffect, useMemo } from "react"
import { runQuery, runSpansQuery } from "@/components/data/runs"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { PlanStrip } from "@/components/trace/plan-strip"
import { RunHeader } from "@/components/trace/run-header"
import { RunVerifications } from "@/components/trace/run-verifications"
import { SpanPanel } from "@/components/trace/span-panel"
import { extentOf, traceRows } from "@/components/trace/tree"
import { Waterfall } from "@/components/trace/waterfall"
import { Panel } from "@/components/ui/panel"
import type { Run } from "@/lib/contracts/read"
import { formatCount, plural } from "@/lib/format"

/** One run: what it claims, what is proven, and every span of it. */
export function TraceView({ id }: { id: string }) {
  const { slug, project } = useScope()
  const [selected, select] = useParam("span")
  const run = useQuery(runQuery(slug, id))
  const spans = useInfiniteQuery(runSpansQuery(slug, id))
  const { hasNextPage, isFetching, fetchNextPage, isError } = spans
  // The HTML has the first spans; the rest of a long run follows by itself.
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])

  const all = useMemo(() => spans.data?.pages.flatMap((page) => page.items), [spans.data])
  return (
    <>
      {run.data ? <RunHeader run={run.data} currency={project.currency} /> : <div className="skeleton h-32" />}
      {run.data && run.data.plan.length > 0 ? (
        <PlanStrip plan={run.data.plan} currency={project.currency} selected={selected} select={select} />
      ) : null}
      <div className={selected === null ? "" : "trace-split"}>
        <Panel
          title="Spans"
          query={{ ...spans, data: all, isPlaceholderData: false }}
          minHeight={320}
          isEmpty={(list) => list.length === 0}
          empty={<p className="text-ink-11">No span of this run has arrived.</p>}
          actions={
            all && run.data ? (
              <span className="min-w-40 text-right text-label text-ink-10">
                {hasNextPage
                  ? `${formatCount(all.length)} of ${plural(Math.max(run.data.spans, all.length), "span")}`
                  : plural(all.length, "span")}
              </span>
            ) : null
          }
        >
          {(list) => (
            <Spans
              run={run.data}
              spans={list}
              isWhole={!hasNextPage}
              selected={selected}
              select={select}
              currency={project.currency}
            />
          )}
        </Panel>
        {selected === null ? null : (
          <SpanPanel key={selected} run={id} span={selected} currency={project.currency} close={() => select(null)} />
        )}
      </div>
      {run.data ? <RunVerifications run={run.data} /> : null}
    </>
  )
}

const NOTHING_KNOWN = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY }
const boundsOf = (run: Run) => ({
  fromMs: Date.parse(run.started_at),
  toMs: Date.parse(run.ended_at ?? run.last_event_at),
})

type SpansProps = {
  run: Run | undefined
  spans: Parameters<typeof traceRows>[0]
  isWhole: boolean
  selected: string | null
  select: (span: string | null) => void
  currency: string
}

function Spans({ run, spans, isWhole, selected, select, currency }: SpansProps) {
  const extent = useMemo(() => extentOf(spans, run ? boundsOf(run) : NOTHING_KNOWN), [spans, run])
  const rows = useMemo(() => traceRows(spans, extent), [spans, extent])
  return (
    <Waterfall rows={rows} extent={extent} isWhole={isWhole} selected={selected} select={select} currency={currency} />
  )
}
