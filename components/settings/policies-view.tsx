"use client"

import { useQuery } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { policyHref } from "@/components/data/href-policy"
import { policiesQuery } from "@/components/data/policies"
import { useFilters } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { PolicyPanel } from "@/components/settings/policy-panel"
import { PolicyVersionsPanel } from "@/components/settings/policy-versions"
import { When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Panel } from "@/components/ui/panel"
import type { PolicyEntry } from "@/lib/contracts/policies"
import { plural } from "@/lib/format"
import { policyLines } from "@/lib/policy-words"

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
      <h1 className="text-title">{query.data ? sentence(items) : "Policies"}</h1>
      <div className="policy-columns">
        <Panel title="Workflows" query={query} minHeight={200}>
          {(list) => <List items={ownFirst(list.items)} chosen={workflow} />}
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

/** The project, then those with a policy of their own; each by name, as they come. */
function ownFirst([project, ...workflows]: readonly PolicyEntry[]): PolicyEntry[] {
  const own = workflows.filter(({ policy }) => policy !== null)
  const others = workflows.filter(({ policy }) => policy === null)
  return [...(project ? [project] : []), ...own, ...others]
}

function sentence(items: readonly PolicyEntry[]): string {
  const [project, ...workflows] = items
  const own = workflows.filter(({ policy }) => policy !== null).length
  if (!project?.policy && own === 0) return "No policy yet: no run is stopped or held back by a rule."
  const rest = workflows.length - own
  const others = project?.policy ? "the project's holds for" : "nothing is asked of"
  const tail = rest === 0 ? "" : `; ${others} ${rest === 1 ? "the other" : `the other ${rest}`}`
  if (own === 0) return `The project's policy holds for ${plural(rest, "workflow")}.`
  return `${own} of ${plural(workflows.length, "workflow")} ${own === 1 ? "has a policy of its" : "have policies of their"} own${tail}.`
}

function List({ items, chosen }: { items: readonly PolicyEntry[]; chosen: string }) {
  const { slug } = useScope()
  const list = useRef<HTMLUListElement>(null)
  const at = items.findIndex(({ workflow }) => workflow === chosen)
  useEffect(() => {
    // The list is longer than its box; where one is must be in sight, without moving the page.
    const row = list.current?.children[at]
    if (list.current && row instanceof HTMLElement)
      list.current.scrollTop = Math.max(0, row.offsetTop - row.offsetHeight)
  }, [at])
  const hasProject = items[0]?.policy !== null
  return (
    <ul ref={list} className="policy-list">
      {items.map(({ workflow, policy }) => (
        <li key={workflow}>
          <Link
            href={policyHref(slug, workflow)}
            aria-current={workflow === chosen ? "true" : undefined}
            className="policy-entry"
            scroll={false}
          >
            <span className="truncate font-strong" title={workflow || undefined}>
              {workflow === "" ? "The project" : workflow}
            </span>
            <span className="truncate text-label text-ink-10">
              {policy === null ? (
                workflow === "" || !hasProject ? (
                  "no policy"
                ) : (
                  "as the project"
                )
              ) : (
                <>
                  {plural(policyLines(policy.document).length, "rule")}, version {policy.version},{" "}
                  <When at={policy.created_at} isRelative />
                </>
              )}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
