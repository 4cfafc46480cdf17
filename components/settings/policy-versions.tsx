"use client"

import { useInfiniteQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { policyVersionsQuery } from "@/components/data/policies"
import { useScope } from "@/components/frame/project"
import { PolicyDifference } from "@/components/settings/policy-difference"
import { When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import { ShowMore } from "@/components/ui/show-more"
import { whoOf } from "@/lib/who"

/** Every version of a policy, the newest first: who, why, and what it says otherwise than the one before. */
export function PolicyVersionsPanel({ workflow, mayManage }: { workflow: string; mayManage: boolean }) {
  const { slug } = useScope()
  const query = useInfiniteQuery(policyVersionsQuery(slug, workflow))
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  return (
    <Panel
      title="Versions"
      query={{ ...query, data: items }}
      minHeight={96}
      isEmpty={(list) => list.length === 0}
      empty={
        <p className="text-ink-11">
          None yet. {mayManage ? "Each change will be kept here" : "Operators write them; each is kept here"}, with who
          made it and why.
        </p>
      }
    >
      {(list) => (
        <>
          <ol>
            {list.map((policy, index) => (
              <li key={policy.version} className="flex flex-col gap-2 border-t border-line p-4 first:border-t-0">
                <p className="flex flex-wrap items-baseline gap-x-3">
                  <strong>Version {policy.version}</strong>
                  <span className="text-label text-ink-10">
                    <When at={policy.created_at} />, by {whoOf(policy.author)}
                    {policy.approver ? `, approved by ${whoOf(policy.approver)}` : ""}
                  </span>
                </p>
                <p className="break-words text-ink-11">{policy.reason}</p>
                {index < list.length - 1 || !query.hasNextPage ? (
                  <PolicyDifference before={list[index + 1]?.document ?? null} after={policy.document} />
                ) : null}
              </li>
            ))}
          </ol>
          <ShowMore query={query} word="Show more" />
        </>
      )}
    </Panel>
  )
}
