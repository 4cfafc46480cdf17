"use client"

import { useQuery } from "@tanstack/react-query"
import { EXCEPTIONS_DEFAULTS, exceptionsQuery } from "@/components/data/exceptions"
import { useFilters } from "@/components/data/use-filters"
import { FilterChips } from "@/components/frame/filter-chips"
import { useScope } from "@/components/frame/project"
import { ExceptionCard } from "@/components/halted/exception-card"
import { haltedSentence } from "@/components/halted/sentence"
import { useExceptionRows } from "@/components/halted/use-exception-rows"
import { VIEW_STATES, VIEWS, type View, viewOf } from "@/components/halted/words"
import { useClock } from "@/components/ui/clock"
import { Pager } from "@/components/ui/pager"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { Segmented } from "@/components/ui/segmented"
import type { ExceptionList } from "@/lib/contracts/exceptions"
import { formatCount, keepUnits } from "@/lib/format"
import { EXCEPTION_STATES } from "@/lib/vocabulary"

/** What stands still and waits for a person: for the one who is called at night, on a phone. */
export function HaltedView() {
  const { filters, change, hrefWith } = useFilters(EXCEPTIONS_DEFAULTS)
  const { project, viewer } = useScope()
  const { now } = useClock()
  const exceptions = useQuery(exceptionsQuery(filters))
  const rows = useExceptionRows(exceptions.data?.items.map(({ id }) => id) ?? [])
  const rowsShown = exceptions.data?.items.length ?? 0
  const view = filters.fingerprint === null ? viewOf(filters.state, filters.assignee, viewer.email) : null
  const choose = (next: View) =>
    change({ state: VIEW_STATES[next], assignee: next === "mine" ? viewer.email : null, fingerprint: null })
  const clear = () => change({ dimensions: {}, state: [], assignee: null, fingerprint: null })
  const isNarrowed = view !== "open" || filters.cursor !== null || filters.dimensions.workflow !== undefined
  return (
    <>
      {exceptions.data ? (
        <h1 className="text-title">{keepUnits(haltedSentence(exceptions.data.halted, project.currency, now))}</h1>
      ) : (
        <h1 className="text-title">Halted</h1>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Which"
          value={view}
          options={VIEWS.map(([one, word]) => [one, `${word}${countIn(one, exceptions.data)}`] as const)}
          onChange={choose}
          className="halted-views"
        />
        {filters.fingerprint === null ? null : (
          <button type="button" className="chip" onClick={() => change({ fingerprint: null })}>
            same reason as one exception
          </button>
        )}
      </div>
      <FilterChips filters={filters} change={change} />
      <Panel
        title="What waits for a person"
        query={exceptions}
        minHeight={200}
        isEmpty={(data) => data.items.length === 0}
        empty={
          isNarrowed ? (
            <FilteredOut what="halts" filters="this choice" clear={clear} />
          ) : (
            <p className="text-ink-11">
              Nothing waits. A run that stops on purpose stands here within a second, with its step and its reason.
            </p>
          )
        }
        actions={
          <>
            {rowsShown > 0 ? (
              <span className="keys-hint">j k to move, a acknowledge, e resolve, m mine, n note</span>
            ) : null}
            {exceptions.data && rowsShown > 0 ? (
              <Shown shown={rowsShown} count={exceptions.data.count} one="exception" />
            ) : null}
          </>
        }
      >
        {(data) => (
          <>
            <ul ref={rows.ref} onKeyDown={rows.onKeyDown} onFocus={rows.onFocus}>
              {data.items.map((exception) => (
                <ExceptionCard key={exception.id} exception={exception} />
              ))}
            </ul>
            <Pager
              newest={filters.cursor === null ? null : hrefWith({ cursor: null })}
              older={data.next_cursor === null ? null : hrefWith({ cursor: data.next_cursor })}
            />
          </>
        )}
      </Panel>
    </>
  )
}

/** ` 12` for the views whose number the answer holds; "mine" is counted when it is chosen. */
function countIn(view: View, data: ExceptionList | undefined): string {
  if (!data || view === "mine") return ""
  const wanted = view === "open" ? EXCEPTION_STATES.filter((state) => state !== "resolved") : VIEW_STATES[view]
  const counts = wanted.map((state) => data.states[state])
  const sum = counts.reduce((total, count) => total + count.value, 0)
  return ` ${formatCount(sum)}${counts.some((count) => count.is_capped) ? "+" : ""}`
}
