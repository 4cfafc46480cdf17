"use client"

import { useQuery } from "@tanstack/react-query"
import { policiesQuery } from "@/components/data/policies"
import { useFilters } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { ownFirst, policiesSentence } from "@/components/settings/policies-words"
import { PolicyNames } from "@/components/settings/policy-names"
import { PolicyPanel } from "@/components/settings/policy-panel"
import { PolicyVersionsPanel } from "@/components/settings/policy-versions"
import { Panel } from "@/components/ui/panel"

const NO_DEFAULTS = {}

/** What runs are allowed: every workflow with the policy that holds for it, one of them to read and to change. */
export function PoliciesView({ mayManage }: { mayManage: boolean }) {
  const { slug } = useScope()
  const { filters } = useFilters(NO_DEFAULTS)
  const workflow = filters.dimensions.workflow?.[0] ?? ""
  const query = useQuery(policiesQuery(slug))
  const items = query.data?.items ?? []
  const [project] = items
  const entry = items.find((item) => item.workflow === workflow) ?? { workflow, policy: null }
  return (
    <>
      <h1 className="text-title">
        {query.data ? policiesSentence(items, query.data.count?.is_capped ?? false) : "Policies"}
      </h1>
      <div className="policy-columns">
        <Panel title="Workflows" query={query} minHeight={200}>
          {(list) => (
            <PolicyNames
              items={ownFirst(list.items.includes(entry) ? list.items : [...list.items, entry])}
              chosen={workflow}
              isCut={list.count?.is_capped ?? false}
            />
          )}
        </Panel>
        <div className="flex min-w-0 flex-col gap-4">
          <PolicyPanel
            key={workflow}
            query={query}
            entry={entry}
            project={project?.policy ?? null}
            mayManage={mayManage}
          />
          <PolicyVersionsPanel key={`versions of ${workflow}`} workflow={workflow} mayManage={mayManage} />
        </div>
      </div>
    </>
  )
}
