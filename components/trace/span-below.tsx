"use client"

import { extentBelow, selfTime, tookOf } from "@/components/trace/read-trace"
import type { Sums, Trace, TraceNode } from "@/components/trace/tree"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { Cost, Count } from "@/components/ui/figures"
import { formatDuration } from "@/lib/format"
import { formatMoney } from "@/lib/money"

type SpanBelowProps = { trace: Trace; span: string; currency: string; select: SelectSpan }

/** The span alone beside the span with all below it, and the way up. */
export function SpanBelow({ trace, span, currency, select }: SpanBelowProps) {
  const index = trace.byId.get(span)
  const node = index === undefined ? undefined : trace.nodes[index]
  if (index === undefined || !node) return null
  const parent = trace.nodes[node.parent]
  if (!parent && node.size === 0) return null
  const { fromMs, toMs } = extentBelow(trace, index)
  const rows: [string, (sums: Sums) => React.ReactNode][] = [
    ["Cost", (sums) => <Money sums={sums} currency={currency} />],
    ["Tokens", (sums) => <Count value={sums.tokens} />],
    ["Calls", (sums) => <Count value={sums.calls} />],
    ["Without a price", (sums) => <Count value={sums.unpriced} />],
    ["Failed", (sums) => <Count value={sums.errors} />],
  ]
  return (
    <section className="border-b border-line p-4" aria-label="In the tree">
      {parent ? (
        <p className="flex gap-2 text-table">
          <span className="text-ink-10">Below</span>
          <button type="button" className="link min-w-0 truncate" onClick={() => select(parent.span.id)}>
            {parent.span.name}
          </button>
        </p>
      ) : null}
      {node.size === 0 ? null : (
        <table className="mt-2 w-full text-table">
          <thead className="text-label text-ink-10">
            <tr>
              <td />
              <th scope="col" className="py-0.5 text-right font-normal">
                alone
              </th>
              <th scope="col" className="py-0.5 text-right font-normal">
                with the <Count value={node.size} /> below
              </th>
            </tr>
          </thead>
          <tbody>
            {rows
              .filter(([word]) => word === "Cost" || word === "Tokens" || word === "Calls" || isSome(word, node))
              .map(([word, show]) => (
                <tr key={word}>
                  <th scope="row" className="py-0.5 text-left font-normal text-ink-11">
                    {word}
                  </th>
                  <td className="py-0.5 text-right">{show(node.own)}</td>
                  <td className="py-0.5 text-right">{show(node.total)}</td>
                </tr>
              ))}
            <tr>
              <th scope="row" className="py-0.5 text-left font-normal text-ink-11">
                Time
              </th>
              <td className="py-0.5 text-right" title="In which nothing directly below it ran">
                <Time ms={selfTime(trace, index)} />
              </td>
              <td className="py-0.5 text-right" title="From the first start to the last known moment">
                <Time ms={tookOf(node) === null ? null : toMs - fromMs} />
              </td>
            </tr>
          </tbody>
        </table>
      )}
    </section>
  )
}

const isSome = (word: string, { total }: TraceNode) => (word === "Failed" ? total.errors > 0 : total.unpriced > 0)

function Time({ ms }: { ms: number | null }) {
  return ms === null ? <span className="text-ink-10">no end</span> : formatDuration(ms)
}

function Money({ sums, currency }: { sums: Sums; currency: string }) {
  if (sums.cost === null)
    return sums.calls === 0 ? <span className="text-ink-10">–</span> : <Cost value={null} currency={currency} />
  return <Cost value={formatMoney(sums.cost)} currency={currency} />
}
