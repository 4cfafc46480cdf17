"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { auditQuery } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { changeLines } from "@/components/settings/audit-words"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"
import { ShowMore } from "@/components/ui/show-more"
import { plural } from "@/lib/format"
import { whoOf } from "@/lib/who"

/** Who did what; rows are only ever added. */
export function AuditView() {
  const { slug } = useScope()
  const query = useInfiniteQuery(auditQuery(slug))
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  return (
    <>
      <h1 className="sr-only">Audit log</h1>
      <Panel
        title="Audit log"
        query={{ ...query, data: rows, isPlaceholderData: false }}
        minHeight={320}
        isEmpty={(list) => list.length === 0}
        empty={<p className="text-ink-11">Nothing that your role may see has been recorded.</p>}
      >
        {(list) => (
          <>
            <ScrollBox label="Acts">
              <table className="table table-cards">
                <thead>
                  <tr>
                    <th scope="col">At</th>
                    <th scope="col">Who</th>
                    <th scope="col">Did</th>
                    <th scope="col">To</th>
                    <th scope="col">Change</th>
                    <th scope="col">From</th>
                  </tr>
                </thead>
                <tbody>
                  {list.map((row) => (
                    <tr key={row.id}>
                      <td data-label="At">
                        <When at={row.at} />
                      </td>
                      <td data-label="Who" className="max-w-56 truncate" title={row.actor}>
                        {whoOf(row.actor)}
                      </td>
                      <td data-label="Did">{row.action}</td>
                      <td data-label="To" className="max-w-56 truncate" title={row.target ?? undefined}>
                        {row.target}
                      </td>
                      <td data-label="Change" className="audit-change">
                        <Change {...changeLines(row.before, row.after)} reason={row.reason} />
                      </td>
                      <td data-label="From" className="text-ink-11">
                        {row.ip}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollBox>
            <ShowMore query={query} />
          </>
        )}
      </Panel>
    </>
  )
}

function Change({ first, rest, reason }: ReturnType<typeof changeLines> & { reason: string | null }) {
  return (
    <>
      {reason ? <p className="text-ink-12">{reason}</p> : null}
      {first.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {rest.length > 0 ? (
        <details>
          <summary>{plural(rest.length, "more field")}</summary>
          {rest.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </details>
      ) : null}
    </>
  )
}
