"use client"

import { type CSSProperties, memo } from "react"
import { hueOf, seriesKey } from "@/components/charts/prepare/colour"
import { barOf, type Extent, tookOf } from "@/components/trace/read-trace"
import { beyond } from "@/components/trace/scale"
import { isBad, type Sums, type TraceNode } from "@/components/trace/tree"
import { Cost } from "@/components/ui/figures"
import { Icon } from "@/components/ui/icon"
import { LightShape } from "@/components/ui/light"
import { formatCompact, formatCount, formatDuration, plural } from "@/lib/format"
import { VERDICT_LIGHT } from "@/lib/lights"
import { formatMoney } from "@/lib/money"
import type { Verdict } from "@/lib/vocabulary"

/** Levels that are indented, by 16 px each and less on a phone; deeper ones say their level instead of walking off the screen. */
const INDENTED = 14

type SpanLineProps = {
  domId: string
  node: TraceNode
  place: number
  of: number
  extent: Extent
  /** The greatest sum in the run: what the cost bars are measured against. */
  most: bigint
  isSelected: boolean
  isCursor: boolean
  isFolded: boolean
  isOnPath: boolean
  isFound: boolean
  isReady: boolean
  verdicts: readonly { check: string; outcome: Verdict }[] | undefined
  select: (span: string | null) => void
  fold: (span: string, isFolded: boolean) => void
  currency: string
}

/** One span: its place in the tree, what it and all below it cost, how long it took and when. */
export const SpanLine = memo(function SpanLine(props: SpanLineProps) {
  const { domId, node, place, of, extent, most, isSelected, isCursor, isFolded, isReady, currency } = props
  const { span, own, total } = node
  const bar = barOf(node, extent)
  const edge = beyond(node, extent)
  const took = tookOf(node)
  const isParent = node.childCount > 0
  const state = isBad(span) ? "bad" : undefined
  const mark = [isCursor ? "cursor" : "", props.isOnPath ? "path" : "", props.isFound ? "found" : ""].join(" ").trim()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree holds the focus and has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: told by the tree's aria-activedescendant
    <div
      id={domId}
      data-row
      data-state={state}
      data-mark={mark || undefined}
      role="treeitem"
      className="trace-row"
      aria-level={node.depth + 1}
      aria-posinset={place}
      aria-setsize={of}
      aria-selected={isSelected}
      aria-expanded={isParent ? !isFolded : undefined}
      onClick={() => props.select(isSelected ? null : span.id)}
    >
      <span className="trace-name" style={{ "--depth": Math.min(node.depth, INDENTED) } as CSSProperties}>
        {node.depth > INDENTED ? <span className="text-label text-ink-10">{node.depth}</span> : null}
        {isParent ? (
          <button
            type="button"
            tabIndex={-1}
            className="trace-fold"
            aria-label={isFolded ? "Unfold" : "Fold"}
            onClick={(event) => {
              event.stopPropagation()
              props.fold(span.id, !isFolded)
              // The keys are the tree's.
              event.currentTarget.closest<HTMLElement>("[role=tree]")?.focus({ preventScroll: true })
            }}
          >
            <Icon name="right" size={12} />
          </button>
        ) : (
          <span className="trace-leaf" />
        )}
        <span className="text-ink-10" title={span.kind}>
          <Icon name={span.kind} size={14} />
        </span>
        <span className="truncate" title={span.name}>
          {span.name}
        </span>
        <Marks {...props} />
      </span>
      <span className="trace-own text-right text-ink-11">
        {total.tokens > 0 && (isReady || !isParent) ? (
          <span title={`${formatCount(own.tokens)} of its own, ${formatCount(total.tokens)} with all below`}>
            {formatCompact(total.tokens)}
          </span>
        ) : null}
      </span>
      <span className="trace-own text-right whitespace-nowrap">
        {own.cost !== null ? (
          <Cost value={formatMoney(own.cost)} currency={currency} />
        ) : own.unpriced > 0 ? (
          <Cost value={null} currency={currency} />
        ) : null}
      </span>
      <span className="trace-cost text-right whitespace-nowrap">
        <Total total={total} isFinal={isReady || !isParent} currency={currency} />
        {total.cost !== null && total.cost * 100n >= most && most > 0n && (isReady || !isParent) ? (
          <span className="trace-share" style={{ width: `${Number((total.cost * 1000n) / most) / 10}%` }} />
        ) : null}
      </span>
      <span className="text-right whitespace-nowrap text-ink-11">
        {took === null ? "no end" : formatDuration(took)}
      </span>
      <span className="trace-track">
        {edge ? (
          <span
            className="trace-beyond"
            data-edge={edge}
            title={`${edge === "before" ? "Earlier" : "Later"} than the scale`}
          >
            <Icon name={edge === "before" ? "left" : "right"} size={12} />
          </span>
        ) : (
          <span
            className={took === null ? "trace-bar trace-bar-open" : "trace-bar"}
            style={{ left: `${bar.left}%`, width: `${bar.width}%`, background: barColour(span, state === "bad") }}
          />
        )}
      </span>
    </div>
  )
})

/** What a span with all below it costs; calls without a price are named, not passed over. */
function Total({ total, isFinal, currency }: { total: Sums; isFinal: boolean; currency: string }) {
  if (!isFinal || (total.cost === null && total.unpriced === 0)) return null
  if (total.cost === null) return <Cost value={null} currency={currency} />
  return (
    <>
      <Cost value={formatMoney(total.cost)} currency={currency} />
      {total.unpriced > 0 ? (
        <span
          className="text-alarm"
          title={`without ${plural(total.unpriced, "call")} that ${total.unpriced === 1 ? "has" : "have"} no price`}
        >
          {" "}
          +?
        </span>
      ) : null}
    </>
  )
}

function Marks({ node, verdicts, isFolded, isReady }: SpanLineProps) {
  const { span, flaw, total } = node
  const outcome = isBad(span) ? (span.outcome ?? "error") : null
  return (
    <>
      {span.attempt !== null && span.attempt > 1 ? (
        <span className="text-label text-ink-10" title={`Attempt ${span.attempt}`}>
          ×{span.attempt}
        </span>
      ) : null}
      {outcome ? (
        <span className="inline-flex" title={span.error ?? outcome}>
          <LightShape light="failed" size={12} />
          <span className="sr-only">{outcome}</span>
        </span>
      ) : null}
      {span.outcome === "skipped" || span.outcome === "cancelled" ? (
        <span className="text-label text-ink-10">{span.outcome}</span>
      ) : null}
      {verdicts?.map((verdict) => (
        <span
          key={verdict.check}
          className="trace-verdict"
          title={`${verdict.check}: ${VERDICT_LIGHT[verdict.outcome].word}`}
        >
          <LightShape light={VERDICT_LIGHT[verdict.outcome].light} size={12} />
          <span className="truncate">{verdict.check}</span>
          <span className="sr-only">{VERDICT_LIGHT[verdict.outcome].word}</span>
        </span>
      ))}
      {flaw ? (
        <span className="text-label text-alarm">{flaw === "orphan" ? "parent missing" : "circle of parents"}</span>
      ) : null}
      {span.is_time_suspect ? <span className="text-label text-alarm">clock</span> : null}
      {isFolded && node.size > 0 ? (
        <span className="text-label text-ink-10 whitespace-nowrap">
          {formatCount(node.size)}
          {isReady ? "" : "+"} below{total.errors > 0 ? `, ${formatCount(total.errors)} failed` : ""}
        </span>
      ) : null}
    </>
  )
}

/** A model has the colour that it has on every page; what is no model call is ink, and what failed is the state. */
function barColour(span: TraceNode["span"], isFailed: boolean): string {
  if (isFailed) return "var(--failed)"
  if (span.model !== null) return `var(--series-${hueOf(seriesKey([span.model]))})`
  return span.kind === "step" || span.kind === "agent" ? "var(--ink-8)" : "var(--ink-10)"
}
