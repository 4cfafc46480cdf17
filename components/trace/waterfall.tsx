"use client"

import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"
import { hueOf, seriesKey } from "@/components/charts/prepare/colour"
import type { Extent, TraceRow } from "@/components/trace/tree"
import { Cost } from "@/components/ui/figures"
import { Icon } from "@/components/ui/icon"
import { LightShape } from "@/components/ui/light"
import { useRowKeys } from "@/components/ui/row-keys"
import { formatDuration } from "@/lib/format"

/** Up to this many rows are drawn whole; beyond, only those in view are in the document. */
const WHOLE = 500
const OVERSCAN = 20
const VIEW_HEIGHT = 640
/** Levels that are indented by 16 px each; deeper ones say their level instead of walking off the screen. */
const INDENTED = 14

type WaterfallProps = {
  rows: readonly TraceRow[]
  extent: Extent
  /** All spans are here, so sums over subtrees are final. */
  isWhole: boolean
  selected: string | null
  select: (span: string | null) => void
  currency: string
}

/** The tree at the left, the time bars at the right, one line a span. */
export function Waterfall({ rows, extent, isWhole, selected, select, currency }: WaterfallProps) {
  const box = useRef<HTMLDivElement>(null)
  const isWindowed = rows.length > WHOLE
  const [rowHeight, setRowHeight] = useState(32)
  const [top, setTop] = useState(0)
  const keys = useRowKeys()

  useLayoutEffect(() => {
    const row = box.current?.querySelector<HTMLElement>("[data-row]")
    if (row) setRowHeight(row.offsetHeight)
  }, [])
  // A link to a span leads to its row, also where rows are drawn on demand.
  const index = selected === null ? -1 : rows.findIndex((row) => row.span.id === selected)
  useEffect(() => {
    if (index < 0 || !box.current || !isWindowed) return
    const view = box.current
    const y = index * rowHeight
    if (y < view.scrollTop || y > view.scrollTop + view.clientHeight - rowHeight)
      view.scrollTop = y - view.clientHeight / 2
  }, [index, isWindowed, rowHeight])

  const first = isWindowed ? Math.max(0, Math.floor(top / rowHeight) - OVERSCAN) : 0
  const last = isWindowed ? Math.min(rows.length, Math.ceil((top + VIEW_HEIGHT) / rowHeight) + OVERSCAN) : rows.length
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape" && selected !== null) select(null)
    else keys(event)
  }
  return (
    <div className="trace">
      <div className="trace-row trace-head" aria-hidden="true">
        <span>Span</span>
        <span className="text-right">Cost</span>
        <span className="text-right">Took</span>
        <span className="flex justify-between max-md:hidden">
          <span>0</span>
          <span>{formatDuration(extent.toMs - extent.fromMs)}</span>
        </span>
      </div>
      <div
        ref={box}
        className="trace-rows"
        style={isWindowed ? { height: VIEW_HEIGHT, overflowY: "auto" } : undefined}
        onScroll={isWindowed ? (event) => setTop(event.currentTarget.scrollTop) : undefined}
      >
        <ol
          onKeyDown={onKeyDown}
          style={
            isWindowed ? { paddingTop: first * rowHeight, paddingBottom: (rows.length - last) * rowHeight } : undefined
          }
        >
          {rows.slice(first, last).map((row, i) => (
            <SpanLine
              key={row.span.id}
              row={row}
              place={first + i + 1}
              of={rows.length}
              isSelected={row.span.id === selected}
              isWhole={isWhole}
              select={select}
              currency={currency}
            />
          ))}
        </ol>
      </div>
    </div>
  )
}

type SpanLineProps = {
  row: TraceRow
  place: number
  of: number
  isSelected: boolean
  isWhole: boolean
  select: (span: string | null) => void
  currency: string
}

const SpanLine = memo(function SpanLine({ row, place, of, isSelected, isWhole, select, currency }: SpanLineProps) {
  const { span, depth } = row
  const toggle = useCallback(() => select(isSelected ? null : span.id), [select, isSelected, span.id])
  const isBad = span.status === "error" || span.outcome === "failed"
  const below = isWhole && row.subtotal !== null && !(span.is_counted && span.cost !== null)
  return (
    <li aria-posinset={place} aria-setsize={of}>
      <button type="button" data-row className="trace-row" aria-pressed={isSelected} onClick={toggle}>
        <span className="flex min-w-0 items-center gap-2" style={{ paddingLeft: Math.min(depth, INDENTED) * 16 }}>
          {depth > INDENTED ? <span className="text-label text-ink-10">{depth}</span> : null}
          <span className="text-ink-10">
            <Icon name={span.kind} size={14} />
          </span>
          <span className="sr-only">
            level {depth + 1}, {span.kind}
          </span>
          <span className="truncate" title={span.name}>
            {span.name}
          </span>
          {span.attempt !== null && span.attempt > 1 ? (
            <span className="text-label text-ink-10">×{span.attempt}</span>
          ) : null}
          {isBad ? (
            <>
              <LightShape light="failed" size={12} />
              <span className="sr-only">{span.outcome ?? "error"}</span>
            </>
          ) : null}
          {span.outcome === "skipped" ? <span className="text-label text-ink-10">skipped</span> : null}
        </span>
        <span className="text-right whitespace-nowrap">
          {below ? (
            <span className="text-ink-10" title="Sum of the spans below">
              <Cost value={row.subtotal} currency={currency} />
            </span>
          ) : span.is_call || span.cost !== null ? (
            <span className={span.is_counted ? "" : "text-ink-10"}>
              <Cost value={span.cost} currency={currency} />
            </span>
          ) : null}
        </span>
        <span className="text-right whitespace-nowrap text-ink-11">
          {row.durationMs === null ? "no end" : formatDuration(row.durationMs)}
        </span>
        <span className="trace-track">
          <span
            className={`trace-bar ${row.durationMs === null ? "trace-bar-open" : ""}`}
            style={{ left: `${row.left}%`, width: `${row.width}%`, background: barColour(span, isBad) }}
          />
        </span>
      </button>
    </li>
  )
})

/** A model has the colour that it has on every page; what is no model call is ink, and what failed is the state. */
function barColour(span: TraceRow["span"], isBad: boolean): string {
  if (isBad) return "var(--failed)"
  if (span.model !== null) return `var(--series-${hueOf(seriesKey([span.model]))})`
  return span.kind === "step" || span.kind === "agent" ? "var(--ink-8)" : "var(--ink-10)"
}
