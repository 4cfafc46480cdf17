"use client"

import { useQuery } from "@tanstack/react-query"
import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import { useAsked } from "@/components/data/use-asked"
import { useFilters, useParam } from "@/components/data/use-filters"
import { failureQuery, NOT_PASSED, verificationsQuery } from "@/components/data/verifications"
import { Choose } from "@/components/ui/choose"
import { Pager } from "@/components/ui/pager"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { VerificationsTable } from "@/components/verifications/verifications-table"
import type { Filters } from "@/lib/filters"
import { VERDICT_LIGHT } from "@/lib/lights"
import { VERDICTS, type Verdict } from "@/lib/vocabulary"

const CHOICES = {
  look: ["failed and broken", NOT_PASSED],
  judged: ["with a verdict", ["passed", "failed"]],
  none: ["could not verify", ["error", "skipped"]],
  all: ["all", [...VERDICTS]],
  ...(Object.fromEntries(VERDICTS.map((verdict) => [verdict, [VERDICT_LIGHT[verdict].word, [verdict]]])) as Record<
    Verdict,
    [string, Verdict[]]
  >),
} as const satisfies Record<string, readonly [string, readonly Verdict[]]>
type Choice = keyof typeof CHOICES
const OPTIONS = (Object.keys(CHOICES) as Choice[]).map((choice) => [choice, CHOICES[choice][0]] as const)

type ResultsPanelProps = {
  filters: Filters
  change: (change: Partial<Filters>) => void
  clear: () => void
  isNarrowed: boolean
}

/** Results one by one, newest first. */
export function ResultsPanel({ filters, change, clear, isNarrowed }: ResultsPanelProps) {
  const { hrefWith } = useFilters(VERIFICATIONS_DEFAULTS)
  const list = useAsked(verificationsQuery(filters))
  const choice = choiceOf(filters.outcome)
  return (
    <Panel
      title="Results"
      query={list}
      minHeight={320}
      isEmpty={(data) => data.items.length === 0}
      empty={
        isNarrowed || filters.cursor !== null ? (
          <FilteredOut what="results" filters="these filters in this range" clear={clear} />
        ) : (
          <p className="text-ink-11">No check failed or broke in this range.</p>
        )
      }
      actions={
        <>
          {list.data ? <Shown shown={list.data.items.length} count={list.data.count} one="result" /> : null}
          <Choose
            label="Show"
            value={choice ?? "all"}
            options={OPTIONS}
            onChange={(value) => change({ outcome: [...CHOICES[value][1]] })}
          />
        </>
      }
    >
      {(data) => (
        <>
          <VerificationsTable rows={data.items} project={filters.project} />
          <Pager
            newest={filters.cursor === null ? null : hrefWith({ cursor: null })}
            older={data.next_cursor === null ? null : hrefWith({ cursor: data.next_cursor })}
          />
        </>
      )}
    </Panel>
  )
}

/** The results of one group of failures. */
export function GroupPanel({ filters }: { filters: Filters }) {
  const { hrefWith } = useFilters(VERIFICATIONS_DEFAULTS)
  const [group, setGroup] = useParam("group")
  const list = useQuery(failureQuery(filters, group ?? ""))
  return (
    <Panel
      title="Results of one group"
      query={list}
      minHeight={320}
      isEmpty={(data) => data.items.length === 0}
      empty={<FilteredOut what="results" filters="this group in this range" clear={() => setGroup(null)} />}
      actions={list.data ? <Shown shown={list.data.items.length} count={list.data.count} one="result" /> : undefined}
    >
      {(data) => (
        <>
          <VerificationsTable rows={data.items} project={filters.project} />
          <Pager
            newest={filters.cursor === null ? null : hrefWith({ cursor: null })}
            older={data.next_cursor === null ? null : hrefWith({ cursor: data.next_cursor })}
          />
        </>
      )}
    </Panel>
  )
}

function choiceOf(outcome: readonly Verdict[]): Choice | null {
  if (outcome.length === 0) return "all"
  const same = (choice: Choice) => {
    const of: readonly Verdict[] = CHOICES[choice][1]
    return of.length === outcome.length && of.every((verdict) => outcome.includes(verdict))
  }
  return OPTIONS.find(([choice]) => same(choice))?.[0] ?? null
}
