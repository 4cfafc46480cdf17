"use client"

import { useMemo, useState } from "react"
import { EXCEPTIONS_DEFAULTS, exceptionsQuery } from "@/components/data/exceptions"
import { pageHref } from "@/components/data/href"
import { useAsked } from "@/components/data/use-asked"
import { useFilters } from "@/components/data/use-filters"
import { ExceptionCard } from "@/components/exceptions/exception-card"
import { QueueFilters } from "@/components/exceptions/queue-filters"
import { haltedSentence, queueSentence } from "@/components/exceptions/sentence"
import { useExceptionRows } from "@/components/exceptions/use-exception-rows"
import { useSelection } from "@/components/exceptions/use-selection"
import { VIEW_STATES, VIEWS, type View, viewOf } from "@/components/exceptions/words"
import { AlertsStrip } from "@/components/frame/alerts-strip"
import { FilterChips } from "@/components/frame/filter-chips"
import { useScope } from "@/components/frame/project"
import { useClock } from "@/components/ui/clock"
import { later } from "@/components/ui/later"
import { Link } from "@/components/ui/link"
import { Pager } from "@/components/ui/pager"
import { FilteredOut, Panel, Shown } from "@/components/ui/panel"
import { Segmented } from "@/components/ui/segmented"
import type { ExceptionList } from "@/lib/contracts/exceptions"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { formatCount, keepUnits } from "@/lib/format"
import { EXCEPTION_STATES } from "@/lib/vocabulary"

const BulkBar = later(() => import("@/components/exceptions/bulk-bar").then((module) => module.BulkBar))

/** What waits for a person: for the one who is called at night, on a phone. @param only halts, or whatever the address asks for. */
export function QueueView({ only }: { only: "halt" | null }) {
  const { filters, change, hrefWith } = useFilters(EXCEPTIONS_DEFAULTS)
  const { project, slug, viewer } = useScope()
  const { now } = useClock()
  const asked = useMemo(() => (only === null ? filters : { ...filters, kind: [only] }), [filters, only])
  const exceptions = useAsked(exceptionsQuery(asked))
  const selection = useSelection(exceptions.data?.items ?? [])
  const rows = useExceptionRows(exceptions.data?.items.map(({ id }) => id) ?? [], selection.toggle)
  // From the first choice on: what was done with it is told when nothing is selected any more.
  const [hasSelected, setHasSelected] = useState(false)
  if (selection.selected.length > 0 && !hasSelected) setHasSelected(true)
  const may = project.role === "operator" || project.role === "admin"
  const rowsShown = exceptions.data?.items.length ?? 0
  const view = filters.fingerprint === null ? viewOf(filters.state, filters.assignee, viewer.email) : null
  const views = VIEWS.filter(([one]) => only === null || one !== "later")
  const choose = (next: View) =>
    change({ state: VIEW_STATES[next], assignee: next === "mine" ? viewer.email : null, fingerprint: null })
  const clear = () => change({ dimensions: {}, state: [], kind: [], severity: [], assignee: null, fingerprint: null })
  const isNarrowed =
    view !== "open" ||
    filters.cursor !== null ||
    filters.dimensions.workflow !== undefined ||
    (only === null && filters.kind.length > 0) ||
    filters.severity.length > 0
  const { data } = exceptions
  return (
    <>
      <h1 className="text-title">
        {data
          ? keepUnits(
              only === null ? queueSentence(data, project.currency) : haltedSentence(data.stake, project.currency, now),
            )
          : only === null
            ? "Exceptions"
            : "Halted"}
      </h1>
      <div className="flex flex-wrap items-center gap-2">
        <Segmented
          label="Which"
          value={view}
          options={views.map(([one, word]) => [one, `${word}${countIn(one, data)}`] as const)}
          onChange={choose}
          className="halted-views"
        />
        {only === null ? (
          <>
            <QueueFilters filters={filters} change={change} kinds={data?.kinds} />
            <Link
              href={pageHref("/exceptions/numbers", { ...DEFAULT_FILTERS, project: slug, tz: filters.tz })}
              className="link text-table"
              prefetch={false}
            >
              How the queue does
            </Link>
          </>
        ) : null}
        {filters.fingerprint === null ? null : (
          <button type="button" className="chip" onClick={() => change({ fingerprint: null })}>
            same reason as one exception
          </button>
        )}
      </div>
      <AlertsStrip />
      <FilterChips filters={filters} change={change} />
      <Panel
        title={view === "resolved" ? "Resolved" : view === "later" ? "Put off" : "What waits for a person"}
        query={exceptions}
        minHeight={200}
        isEmpty={({ items }) => items.length === 0}
        empty={
          isNarrowed ? (
            <FilteredOut what={only === null ? "exceptions" : "halts"} filters="this choice" clear={clear} />
          ) : (
            <p className="text-ink-11">
              {only === null
                ? "Nothing waits. What crosses a limit, stops or falls silent stands here within a second, with what shows it."
                : "Nothing waits. A run that stops on purpose stands here within a second, with its step and its reason."}
            </p>
          )
        }
        actions={
          <>
            {rowsShown > 0 ? (
              <span className="keys-hint">j k to move, a acknowledge, e resolve, m assign, n note, x select</span>
            ) : null}
            {data && rowsShown > 0 ? (
              <Shown shown={rowsShown} count={data.count} one="exception" order="latest first" />
            ) : null}
          </>
        }
      >
        {({ items, next_cursor }) => (
          <>
            <ul ref={rows.ref} onKeyDown={rows.onKeyDown} onFocus={rows.onFocus}>
              {items.map((exception) => (
                <ExceptionCard
                  key={exception.id}
                  exception={exception}
                  select={
                    may
                      ? { isSelected: selection.has(exception.id), toggle: () => selection.toggle(exception.id) }
                      : null
                  }
                />
              ))}
            </ul>
            <Pager
              newest={filters.cursor === null ? null : hrefWith({ cursor: null })}
              older={next_cursor === null ? null : hrefWith({ cursor: next_cursor })}
            />
          </>
        )}
      </Panel>
      {may && hasSelected ? <BulkBar selected={selection.selected} clear={selection.clear} /> : null}
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
