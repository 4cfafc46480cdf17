"use client"

import { useCallback, useDeferredValue, useMemo, useRef, useState } from "react"
import { FIRST_SPANS } from "@/components/data/run"
import { type Extent, extentBelow, type Flaw, findSpans, type Readings } from "@/components/trace/read-trace"
import { type TraceTool, TraceTools } from "@/components/trace/trace-tools"
import type { FetchAhead } from "@/components/trace/use-ahead"
import type { SelectSpan } from "@/components/trace/use-span-param"
import type { BuiltTrace } from "@/components/trace/use-trace"
import { type TreeState, useTreeState } from "@/components/trace/use-tree-state"
import { verdictsByStep } from "@/components/trace/verdicts"
import { Waterfall } from "@/components/trace/waterfall"
import { ScrollBox } from "@/components/ui/scroll-box"
import { useToast } from "@/components/ui/toast"
import type { Run } from "@/lib/contracts/read"
import { endOf } from "@/lib/run-end"

type SpansProps = {
  run: Run | undefined
  built: BuiltTrace
  selected: string | null
  select: SelectSpan
  fetchAhead: FetchAhead
  currency: string
}

const NO_VERDICTS: Run["verification_list"] = []
const NONE: ReadonlySet<string> = new Set()
const GOOD = new Set<Run["plan"][number]["state"]>(["succeeded", "running", "not_started"])

/** The spans as tree and waterfall, with the ways to what matters in them. */
export function Spans({ run, built, selected, select, fetchAhead, currency }: SpansProps) {
  const toast = useToast()
  const { trace, readings, isReady } = built
  const { path, failure } = readings
  const tree = useTreeState(trace, selected, select, fetchAhead)
  const { reveal, foldAll, cursor } = tree
  const [isPathShown, setIsPathShown] = useState(false)
  const [zoomed, setZoomed] = useState<string | null>(null)
  const [words, setWords] = useState("")
  const input = useRef<HTMLInputElement>(null)

  const whole = useMemo(() => wholeOf(readings, run, isReady), [readings, run, isReady])
  const zoomedAt = zoomed === null ? undefined : trace.byId.get(zoomed)
  const extent = useMemo(
    () => (zoomedAt === undefined ? whole : extentBelow(trace, zoomedAt)),
    [zoomedAt, whole, trace],
  )
  const flaws = isReady
    ? readings.flaws.filter((flaw) => flaw.what !== "open" || (run !== undefined && endOf(run) !== null))
    : []
  const isLong = (run?.spans ?? 0) > FIRST_SPANS
  const verdicts = useMemo(() => verdictsByStep(trace, run?.verification_list ?? NO_VERDICTS), [trace, run])
  const ids = useCallback(
    (places: readonly number[]) => new Set(places.map((at) => trace.nodes[at]?.span.id ?? "")),
    [trace],
  )
  const wanted = useDeferredValue(words)
  const found = useMemo(() => findSpans(trace, wanted), [trace, wanted])
  const foundIds = useMemo(() => (found.length === 0 ? NONE : ids(found)), [found, ids])
  const pathIds = useMemo(() => (isPathShown ? ids(path) : NONE), [isPathShown, path, ids])
  const cursorAt = cursor === null ? undefined : trace.byId.get(cursor)
  const place = cursorAt === undefined ? -1 : found.indexOf(cursorAt)

  const step = useCallback(
    (by: 1 | -1) => {
      const here = cursorAt ?? -1
      const next =
        by === 1
          ? (found.find((at) => at > here) ?? found[0])
          : (found.findLast((at) => at < (here < 0 ? Number.POSITIVE_INFINITY : here)) ?? found.at(-1))
      if (next !== undefined) reveal(next)
    },
    [found, cursorAt, reveal],
  )
  const deviation = run?.plan.find((one) => !GOOD.has(one.state) || !one.is_declared)
  const isPlanned = run?.plan.some((one) => one.is_declared) ?? false
  const tools: TraceTool[] = [
    {
      key: "p",
      word: "Costliest path",
      title: "Show the way down to the call that costs most",
      isPressed: isPathShown,
      isDisabled: path.length === 0,
      act: () => {
        setIsPathShown(!isPathShown)
        const end = path.at(-1)
        if (!isPathShown && end !== undefined) reveal(end)
      },
    },
    {
      key: "f",
      word: "First failure",
      title: "Open the first span that failed by itself",
      isDisabled: failure < 0,
      act: () => reveal(failure, { isSelected: true }),
    },
    {
      key: "d",
      word: "First deviation",
      title: "Open the first step that did not go as planned",
      isDisabled: !isPlanned || deviation === undefined,
      act: () => {
        const at = deviation?.span ? trace.byId.get(deviation.span) : undefined
        if (at !== undefined) reveal(at, { isSelected: true })
        else if (deviation) toast({ text: `The step ${deviation.step} has no span: it never ran.` })
      },
    },
    {
      key: "z",
      word: zoomed === null ? "Zoom" : "Whole run",
      title: zoomed === null ? "Stretch the time of the span under the cursor" : "Show the time of the whole run",
      isPressed: zoomed !== null,
      isDisabled: zoomed === null && cursor === null,
      act: () => setZoomed(zoomed === null ? cursor : null),
    },
    {
      key: "c",
      word: tree.folded.size > 0 ? "Unfold all" : "Fold all",
      title: tree.folded.size > 0 ? "Show every span" : "Show the upper level only",
      act: () => foldAll(tree.folded.size === 0),
    },
  ]
  return (
    <>
      <TraceTools
        tools={tools}
        words={words}
        setWords={setWords}
        place={place}
        found={found.length}
        step={step}
        input={input}
      />
      {isLong ? null : <Flaws flaws={flaws} reveal={reveal} />}
      <Waterfall
        trace={trace}
        tree={tree}
        extent={extent}
        most={readings.most}
        expected={run?.spans ?? 0}
        isReady={isReady}
        selected={selected}
        select={select}
        fetchAhead={fetchAhead}
        path={pathIds}
        found={foundIds}
        verdicts={verdicts}
        currency={currency}
      />
      {isLong ? (
        <ScrollBox label="What is odd about the spans" className="trace-flaws-kept">
          {isReady && flaws.length === 0 ? "Nothing odd was found about its spans." : null}
          {isReady ? null : "Whether each span has its parent is known once all are here."}
          <Flaws flaws={flaws} reveal={reveal} />
        </ScrollBox>
      ) : null}
    </>
  )
}

/** Above a short tree; below a long one, where a place is kept for what is known only at the end. */
function Flaws({ flaws, reveal }: { flaws: readonly Flaw[]; reveal: TreeState["reveal"] }) {
  if (flaws.length === 0) return null
  return (
    <ul className="trace-flaws">
      {flaws.map((flaw) => (
        <li key={flaw.text}>
          {flaw.text}{" "}
          <button type="button" className="link" onClick={() => reveal(flaw.first, { isSelected: true })}>
            Show<span className="sr-only"> the first: {flaw.text}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/**
 * The run's own first and last moment belong to it, so that bars stay where they are while more spans arrive; unless the spans themselves lie far
 * from each other, or those that are here so far from the run.
 */
function wholeOf({ extent, isCut }: Readings, run: Run | undefined, isReady: boolean): Extent {
  if (!run || isCut) return extent
  const own = { fromMs: Date.parse(run.started_at), toMs: Date.parse(run.ended_at ?? run.last_event_at) }
  if (!isReady && extent.toMs < own.fromMs && own.toMs > own.fromMs) return own
  return { fromMs: Math.min(extent.fromMs, own.fromMs), toMs: Math.max(extent.toMs, own.toMs) }
}
