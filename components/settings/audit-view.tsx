"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { auditQuery } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"

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
              <table className="table">
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
                      <td>
                        <When at={row.at} />
                      </td>
                      <td className="max-w-56 truncate" title={row.actor}>
                        {row.actor.replace(/^user:/, "")}
                      </td>
                      <td>{row.action}</td>
                      <td className="max-w-56 truncate" title={row.target ?? undefined}>
                        {row.target}
                      </td>
                      <td className="max-w-96 py-1 break-words text-ink-11">
                        {changeText(row.before, row.after, row.reason)}
                      </td>
                      <td className="text-ink-11">{row.ip}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollBox>
            {query.hasNextPage ? (
              <p className="border-t border-line p-2 text-right">
                <button type="button" className="button button-quiet" onClick={() => void query.fetchNextPage()}>
                  Show older ones
                </button>
              </p>
            ) : null}
          </>
        )}
      </Panel>
    </>
  )
}

function changeText(before: unknown, after: unknown, reason: string | null): string {
  const text = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))
  const change = [text(before), text(after)].filter((part) => part !== null).join(" → ")
  return [change, reason].filter(Boolean).join(" ")
}
