"use client"

import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react"
import type { Extent } from "@/components/trace/read-trace"
import { timeTicks } from "@/components/trace/scale"
import { SpanLine } from "@/components/trace/span-line"
import type { Trace, TraceNode } from "@/components/trace/tree"
import type { FetchAhead } from "@/components/trace/use-ahead"
import { placeOf, type TreeState } from "@/components/trace/use-tree-state"
import type { Verdict } from "@/lib/vocabulary"

/** Up to this many rows are drawn whole; beyond, only those in view are in the document. */
const WHOLE = 200
const OVERSCAN = 12
/** What a screen shows at most before it is measured. */
const FIRST_HEIGHT = 960

type WaterfallProps = {
  trace: Trace
  tree: TreeState
  extent: Extent
  /** The greatest sum in the run: what the cost bars are measured against. */
  most: bigint
  /** How many spans the run has, all told: a long run has its own scroll box from its first page on. */
  expected: number
  /** All spans are here, so sums over subtrees are final. */
  isReady: boolean
  selected: string | null
  select: (span: string | null) => void
  fetchAhead: FetchAhead
  /** Spans to point out: on the costliest path, found by the search. */
  path: ReadonlySet<string>
  found: ReadonlySet<string>
  verdicts: ReadonlyMap<string, readonly { check: string; outcome: Verdict }[]>
  currency: string
}

const rowId = (span: string) => `span-${span}`

/** The tree at the left, the time bars at the right, one line a span. One stop for the tab key; arrows walk, fold and unfold. */
export function Waterfall(props: WaterfallProps) {
  const { trace, tree, extent, most, expected, isReady, selected, select, path, found, verdicts, currency } = props
  const ticks = timeTicks(extent)
  const { rows, cursor, asked } = tree
  const box = useRef<HTMLDivElement>(null)
  const isWindowed = Math.max(expected, trace.nodes.length) > WHOLE
  const { top, height, rowHeight, onScroll } = useWindow(box, isWindowed, trace, rows)

  const index = cursor === null ? undefined : trace.byId.get(cursor)
  const place = index === undefined ? -1 : placeOf(rows, index)
  // Brings the row that was asked for into sight once, and again when it was not here yet; not whenever rows arrive.
  const answered = useRef(0)
  useEffect(() => {
    if (place < 0 || asked === answered.current || !box.current) return
    answered.current = asked
    const view = box.current
    if (!isWindowed) {
      view.querySelector(`[aria-posinset="${place + 1}"]`)?.scrollIntoView({ block: "nearest" })
      return
    }
    const y = place * rowHeight
    const isNear = Math.abs(y - view.scrollTop) < view.clientHeight * 2
    if (y < view.scrollTop) view.scrollTop = isNear ? y : y - view.clientHeight / 2
    else if (y > view.scrollTop + view.clientHeight - rowHeight)
      view.scrollTop = isNear ? y - view.clientHeight + rowHeight : y - view.clientHeight / 2
  }, [place, asked, isWindowed, rowHeight])

  const first = isWindowed ? Math.max(0, Math.floor(top / rowHeight) - OVERSCAN) : 0
  const last = isWindowed ? Math.min(rows.length, Math.ceil((top + height) / rowHeight) + OVERSCAN) : rows.length
  const inView = place >= first && place < last && cursor !== null
  const padding = isWindowed
    ? { paddingTop: first * rowHeight, paddingBottom: (rows.length - last) * rowHeight }
    : undefined
  return (
    <div className="trace" style={{ "--tick": `${ticks.apart}%` } as CSSProperties}>
      <div className="trace-row trace-head" aria-hidden="true">
        <span>Span</span>
        <span className="trace-own text-right">Tokens</span>
        <span className="trace-own text-right">Own cost</span>
        <span className="text-right">Cost</span>
        <span className="text-right">Took</span>
        <Axis labels={ticks.labels} />
      </div>
      <div
        ref={box}
        className={isWindowed ? "trace-rows trace-window" : "trace-rows"}
        onScroll={isWindowed ? onScroll : undefined}
      >
        <div
          role="tree"
          aria-label="Spans"
          aria-activedescendant={inView ? rowId(cursor) : undefined}
          tabIndex={0}
          onKeyDown={(event: KeyboardEvent<HTMLElement>) => {
            if (event.target === event.currentTarget) tree.onKeyDown(event)
          }}
          onFocus={(event) => {
            const node = trace.nodes[0]
            if (event.target === event.currentTarget && cursor === null && node) tree.reveal(0)
          }}
          onPointerOver={(event: PointerEvent<HTMLElement>) => {
            const row = event.pointerType === "mouse" ? (event.target as Element).closest("[data-row]") : null
            props.fetchAhead(row ? row.id.slice(rowId("").length) : null)
          }}
          onPointerLeave={() => props.fetchAhead(null)}
          style={padding}
        >
          {Array.from(rows.subarray(first, last), (at, i) => {
            const node = trace.nodes[at] as TraceNode
            const { id } = node.span
            return (
              <SpanLine
                key={id}
                domId={rowId(id)}
                node={node}
                place={first + i + 1}
                of={rows.length}
                extent={extent}
                most={most}
                isSelected={id === selected}
                isCursor={first + i === place}
                isFolded={tree.folded.has(id)}
                isOnPath={path.has(id)}
                isFound={found.has(id)}
                isReady={isReady}
                verdicts={verdicts.get(id)}
                select={select}
                fold={tree.fold}
                currency={currency}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** Each label stands on its line, which goes on behind the rows; those at the edges stay within them. */
function Axis({ labels }: { labels: readonly { left: number; text: string }[] }) {
  return (
    <span className="trace-axis">
      {labels.map(({ left, text }) => (
        <span key={left} data-edge={left === 0 ? "first" : left > 90 ? "last" : undefined} style={{ left: `${left}%` }}>
          {text}
        </span>
      ))}
    </span>
  )
}

/** Which rows are in view. When rows come or go above, the row at the upper edge stays where it is. */
function useWindow(box: React.RefObject<HTMLDivElement | null>, isWindowed: boolean, trace: Trace, rows: Int32Array) {
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(FIRST_HEIGHT)
  const [rowHeight, setRowHeight] = useState(32)
  const anchor = useRef<{ span: string; offset: number } | null>(null)

  useLayoutEffect(() => {
    const view = box.current
    if (!view) return
    const measure = () => {
      setRowHeight(view.querySelector<HTMLElement>("[data-row]")?.offsetHeight || 32)
      setHeight(view.clientHeight || FIRST_HEIGHT)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(view)
    return () => observer.disconnect()
  }, [box])
  useLayoutEffect(() => {
    const view = box.current
    if (!isWindowed || !view || !anchor.current) return
    const index = trace.byId.get(anchor.current.span)
    if (index !== undefined) view.scrollTop = placeOf(rows, index) * rowHeight + anchor.current.offset
  }, [trace, rows, isWindowed, rowHeight, box])

  const onScroll = (event: React.UIEvent<HTMLElement>) => {
    const y = event.currentTarget.scrollTop
    setTop(y)
    const place = Math.min(rows.length - 1, Math.floor(y / rowHeight))
    const node = trace.nodes[rows[place] ?? -1]
    anchor.current = y > 0 && node ? { span: node.span.id, offset: y - place * rowHeight } : null
  }
  return { top, height, rowHeight, onScroll }
}
