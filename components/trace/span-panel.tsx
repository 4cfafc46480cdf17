"use client"

import { useQuery } from "@tanstack/react-query"
import { type ReactNode, useEffect } from "react"
import { runSpanQuery } from "@/components/data/run"
import { costSpanQuery } from "@/components/data/spend"
import { useScope } from "@/components/frame/project"
import { LongText } from "@/components/trace/long-text"
import { PriceArithmetic } from "@/components/trace/price-arithmetic"
import { SpanPayload } from "@/components/trace/span-payload"
import { Cost, Id, When } from "@/components/ui/figures"
import { Icon } from "@/components/ui/icon"
import { Light } from "@/components/ui/light"
import { Failure, Skeleton } from "@/components/ui/panel"
import { useToast } from "@/components/ui/toast"
import type { SpanDetail } from "@/lib/contracts/read"
import { formatDuration, plural } from "@/lib/format"

type SpanPanelProps = {
  /** Null for the span of a `cost` event, which belongs to no run. */
  run: string | null
  span: string
  currency: string
  close: () => void
  /** What the page knows of a span beside its own record, such as the sums below it. */
  more?: (span: string) => ReactNode
}

/**
 * One span: what it was, what it cost and how that was reckoned, what went in and came out. Until the next one is here the one before stays, whole:
 * who walks from row to row reads on without a flash.
 */
export function SpanPanel({ run, span, currency, close, more }: SpanPanelProps) {
  const { slug } = useScope()
  const ofRun = useQuery({ ...runSpanQuery(slug, run ?? "", span), enabled: run !== null })
  const ofCost = useQuery({ ...costSpanQuery(slug, span), enabled: run === null })
  const query = run === null ? ofCost : ofRun
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog:modal")) close()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [close])

  return (
    <aside className="panel span-panel" aria-label="Selected span" aria-busy={query.isFetching}>
      <header className="flex items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="flex min-w-0 items-center gap-2 text-body">
          {query.data ? <Icon name={query.data.kind} /> : <span className="w-4 flex-none" />}
          <span className="truncate" title={query.data?.name}>
            {query.data?.name ?? "Span"}
          </span>
        </h2>
        <span className="ml-auto flex shrink-0 items-center gap-1">
          <CopyLink />
          <button type="button" className="button button-quiet" onClick={close} aria-label="Close the span">
            <Icon name="close" />
          </button>
        </span>
      </header>
      {query.data ? (
        <div className="panel-data" data-stale={query.isPlaceholderData}>
          <Detail key={query.data.id} run={run} span={query.data} currency={currency}>
            {more?.(query.data.id)}
          </Detail>
        </div>
      ) : query.error ? (
        <div className="p-4">
          <Failure what="The span" error={query.error} retry={() => void query.refetch()} />
        </div>
      ) : (
        <Skeleton rows={8} />
      )}
    </aside>
  )
}

/** The address as it stands names the span. */
function CopyLink() {
  const toast = useToast()
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href)
      toast({ text: "The link to this span is copied", tone: "ok" })
    } catch {
      toast({ text: "The clipboard is closed to this page. The address of the page is the link.", tone: "error" })
    }
  }
  return (
    <button type="button" className="button button-quiet" onClick={() => void copy()}>
      Copy link
    </button>
  )
}

type DetailProps = { run: string | null; span: SpanDetail; currency: string; children: ReactNode }

function Detail({ run, span, currency, children }: DetailProps) {
  const isBad = span.status === "error" || span.outcome === "failed"
  return (
    <div className="flex flex-col">
      <dl className="facts border-b border-line p-4">
        <Fact term="Result">
          {isBad ? (
            <Light light="failed">{span.outcome ?? "error"}</Light>
          ) : (
            (span.outcome ?? span.status ?? "not said")
          )}
        </Fact>
        <Fact term="Cost">
          {span.cost === null && !span.is_call ? "–" : <Cost value={span.cost} currency={currency} />}
          {span.cost_source ? <span className="text-ink-11"> {span.cost_source}</span> : null}
        </Fact>
        <Fact term="Took">
          {span.ended_at === null
            ? "no end"
            : formatDuration(Math.max(0, Date.parse(span.ended_at) - Date.parse(span.started_at)))}
        </Fact>
        <Fact term="Started">
          <When at={span.started_at} />
        </Fact>
        {span.booked_at ? (
          <Fact term="Booked">
            <When at={span.booked_at} />
          </Fact>
        ) : null}
        <Fact term="Kind">{span.kind}</Fact>
        {span.model ? <Fact term="Model">{[span.provider, span.model].filter(Boolean).join(" / ")}</Fact> : null}
        {span.step ? (
          <Fact term="Step">
            {span.step}
            {span.attempt !== null ? `, attempt ${span.attempt}` : ""}
          </Fact>
        ) : null}
        <Fact term="Id">
          <Id id={span.id} length={28} />
        </Fact>
        {span.parent ? (
          <Fact term="Parent">
            <Id id={span.parent} length={28} />
          </Fact>
        ) : null}
      </dl>
      {span.error ? (
        <div className="border-b border-line bg-failed-tint">
          <LongText text={span.error} label="the error" shown={4000} />
        </div>
      ) : null}
      {children}
      <PriceArithmetic span={span} currency={currency} />
      <Remarks span={span} />
      <SpanPayload run={run} span={span} />
    </div>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}

function Remarks({ span }: { span: SpanDetail }) {
  const remarks = [
    span.is_counted || span.tokens === null
      ? null
      : "A roll-up: its usage is that of the spans below it and is not counted again.",
    span.is_estimated ? "Some rate is not in the price row; the marked lines use another rate of the same row." : null,
    span.booked_at === null
      ? null
      : "Its month was closed when it came: its money is booked in the next open one, as a correction.",
    span.late_events === 0
      ? null
      : `${plural(span.late_events, "event")} came after its month was closed: what they say of money is kept out.`,
    span.is_time_suspect ? "Its clock was far ahead, or it ended before it started." : null,
  ].filter((remark) => remark !== null)
  if (remarks.length === 0) return null
  return (
    <ul className="flex flex-col gap-1 border-b border-line px-4 py-3 text-label text-ink-11">
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
    </ul>
  )
}
