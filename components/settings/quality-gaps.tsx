"use client"

import { traceHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { Count, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Shown } from "@/components/ui/panel"
import { useRowKeys } from "@/components/ui/row-keys"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { SourceQuality } from "@/lib/contracts/quality"
import { shortenMiddle } from "@/lib/format"

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",")

/** Runs whose numbers have holes: an event was lost on its way, or has not come yet. */
export function GapsTable({ gaps }: { gaps: SourceQuality["gaps"] }) {
  const { slug } = useScope()
  const keys = useRowKeys()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links inside
    <div onKeyDown={keys}>
      <ScrollBox label="List of runs with missing events">
        <table className="table card-table">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Workflow</th>
              <th scope="col">Started</th>
              <th scope="col">Status</th>
              <th scope="col" className="num">
                Numbers
              </th>
              <th scope="col" className="num">
                Events
              </th>
              <th scope="col" className="num">
                Missing
              </th>
            </tr>
          </thead>
          <tbody>
            {gaps.items.map((gap) => (
              <tr key={gap.run_id} data-row>
                <th scope="row" className="row-head">
                  <Link className="row-link" href={traceHref(slug, gap.run_id)} prefetch={false} title={gap.run_id}>
                    <code>{shortenMiddle(gap.run_id, 24)}</code>
                  </Link>
                </th>
                <td data-label="Workflow" className="max-w-56">
                  <bdi className="block truncate" title={gap.workflow ?? undefined}>
                    {gap.workflow ?? "–"}
                  </bdi>
                </td>
                <td data-label="Started">
                  <When at={gap.started_at} />
                </td>
                <td data-label="Status">{gap.status}</td>
                <td data-label="Numbers" className="num text-ink-11">
                  {grouped(gap.first_seq)} to {grouped(gap.last_seq)}
                </td>
                <td data-label="Events" className="num">
                  <Count value={gap.events} />
                </td>
                <td data-label="Missing" className="num text-alarm" title={`at least ${grouped(gap.missing)}`}>
                  {grouped(gap.missing)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="border-t border-line px-4 py-2">
        <Shown shown={gaps.items.length} count={gaps.count} one="run" />
      </p>
    </div>
  )
}
