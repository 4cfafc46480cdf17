"use client"

import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useCallback, useEffect, useMemo, useRef } from "react"
import { FIRST_SPANS, MORE_SPANS, runQuery, runSpansQuery } from "@/components/data/run"
import { useScope } from "@/components/frame/project"
import { PlanStrip } from "@/components/trace/plan-strip"
import { RunHeader } from "@/components/trace/run-header"
import { RunVerifications } from "@/components/trace/run-verifications"
import { SpanBelow } from "@/components/trace/span-below"
import { SpanPanel } from "@/components/trace/span-panel"
import { SpanVerifications } from "@/components/trace/span-verifications"
import { Spans } from "@/components/trace/spans"
import { useAhead } from "@/components/trace/use-ahead"
import { useSpanParam } from "@/components/trace/use-span-param"
import { useTrace } from "@/components/trace/use-trace"
import { Panel } from "@/components/ui/panel"
import type { SpanRow } from "@/lib/contracts/read"
import { formatCount, plural } from "@/lib/format"

const NO_SPANS: readonly SpanRow[] = []
/** A long run that still grows is read again at most this often. */
const LONG_RUN_MS = 15_000

/** One run: what it claims, what is proven, and every span of it. */
export function TraceView({ id }: { id: string }) {
  const { slug, project } = useScope()
  const [selected, select] = useSpanParam()
  const fetchAhead = useAhead(id)
  const close = useCallback(() => select(null), [select])
  const run = useQuery(runQuery(slug, id))
  const spans = useInfiniteQuery(runSpansQuery(slug, id))
  const { hasNextPage, isFetching, fetchNextPage, isError, refetch } = spans
  // The HTML has the first spans; the rest of a long run follows by itself.
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])
  const all = useMemo(() => spans.data?.pages.flatMap((page) => page.items), [spans.data])
  const built = useTrace(all ?? NO_SPANS, all !== undefined && !hasNextPage)
  useRefresh(run.data?.last_event_at, run.data?.spans ?? 0, refetch)

  return (
    <>
      {run.data ? (
        <RunHeader run={run.data} currency={project.currency} select={select} />
      ) : (
        <div className="skeleton h-32" />
      )}
      {run.data && run.data.plan.length > 0 ? (
        <PlanStrip run={run.data} currency={project.currency} selected={selected} select={select} />
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
              <span
                className="text-label text-ink-10"
                // A long run counts while it is read: its words keep their left edge.
                style={run.data.spans > FIRST_SPANS ? { width: 136 } : undefined}
              >
                {hasNextPage
                  ? `${formatCount(all.length)} of ${formatCount(Math.max(run.data.spans, all.length))} read`
                  : plural(all.length, "span")}
              </span>
            ) : null
          }
        >
          {() => (
            <Spans
              run={run.data}
              built={built}
              selected={selected}
              select={select}
              fetchAhead={fetchAhead}
              currency={project.currency}
            />
          )}
        </Panel>
        {selected === null ? null : (
          <SpanPanel
            run={id}
            span={selected}
            currency={project.currency}
            close={close}
            more={(span) => (
              <>
                {built.isReady ? (
                  <SpanBelow trace={built.trace} span={span} currency={project.currency} select={select} />
                ) : null}
                {run.data ? <SpanVerifications run={run.data} span={span} /> : null}
              </>
            )}
          />
        )}
      </div>
      {run.data ? <RunVerifications run={run.data} select={select} /> : null}
    </>
  )
}

/** Reads the spans again when the run has new events: a short run at once, a long one after a rest. */
function useRefresh(lastEventAt: string | undefined, spans: number, refetch: () => unknown) {
  const seen = useRef(lastEventAt)
  useEffect(() => {
    if (lastEventAt === undefined || seen.current === lastEventAt) return
    const timer = window.setTimeout(
      () => {
        seen.current = lastEventAt
        refetch()
      },
      spans > MORE_SPANS ? LONG_RUN_MS : 0,
    )
    return () => window.clearTimeout(timer)
  }, [lastEventAt, spans, refetch])
}
