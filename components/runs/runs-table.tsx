"use client"

import { type KeyboardEvent, useMemo } from "react"
import { useScope } from "@/components/frame/project"
import type { Column } from "@/components/runs/columns"
import { FoundIn, foundByRun } from "@/components/runs/found-in"
import { Icon } from "@/components/ui/icon"
import { useRowKeys } from "@/components/ui/row-keys"
import type { RunPage } from "@/lib/contracts/runs"
import type { Sort } from "@/lib/filters"

type RunsTableProps = {
  page: RunPage
  project: string | null
  columns: readonly Column[]
  sort: Sort
  onSort: (sort: Sort) => void
  selected: readonly string[]
  onSelect: (run: string) => void
  onCompare: () => void
}

/** One row a run; on a phone a card. `x` selects the row, `c` compares two. */
export function RunsTable({ page, project, columns, sort, onSort, selected, onSelect, onCompare }: RunsTableProps) {
  const move = useRowKeys()
  const { project: scope } = useScope()
  const found = useMemo(() => foundByRun(page.search), [page.search])
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return
    const run = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.run
    if (event.key === "x" && run !== undefined) onSelect(run)
    else if (event.key === "c") onCompare()
    else move(event)
  }
  const context = { project, currency: scope.currency }
  // What a search found stands in the place of the reason: both would be too narrow to read.
  const isSearch = page.search !== null
  const shown = isSearch ? columns.filter(({ id }) => id !== "reason") : columns
  return (
    <div className="table-scroll">
      <table className="table runs-table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col" className="run-select">
              <span className="sr-only">Select to compare</span>
            </th>
            {shown.map((column) => (
              <Head key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
            {isSearch ? <th scope="col">Found in</th> : null}
          </tr>
        </thead>
        <tbody>
          {page.items.map((run) => (
            <tr key={run.id} data-row data-run={run.id} data-selected={selected.includes(run.id) || undefined}>
              <td className="run-select">
                <label className="run-check">
                  <input
                    type="checkbox"
                    checked={selected.includes(run.id)}
                    onChange={() => onSelect(run.id)}
                    aria-label={`Select ${run.id} to compare`}
                  />
                </label>
              </td>
              {shown.map((column) => (
                <td
                  key={column.id}
                  data-col={column.id}
                  className={`${column.isNumber ? "num" : ""} ${column.className ?? ""}`}
                >
                  {column.cell(run, context)}
                </td>
              ))}
              {isSearch ? (
                <td data-col="found" className="run-reason">
                  <FoundIn matches={found.get(run.id) ?? []} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Head({ column, sort, onSort }: { column: Column; sort: Sort; onSort: (sort: Sort) => void }) {
  const own = column.sort
  const isOldest = own === "newest" && sort === "oldest"
  const isSorted = own !== undefined && (sort === own || isOldest)
  const ariaSort = isSorted ? (isOldest ? "ascending" : "descending") : undefined
  return (
    <th scope="col" className={column.isNumber ? "num" : undefined} aria-sort={ariaSort}>
      {own === undefined ? (
        column.word
      ) : (
        <button
          type="button"
          className="sort-button"
          // Only time is read both ways: nobody asks for the cheapest of a hundred thousand runs.
          onClick={() => onSort(own === "newest" && sort === "newest" ? "oldest" : isSorted ? "newest" : own)}
        >
          {column.word}
          <span className={isSorted ? undefined : "sort-off"}>
            <Icon name={isOldest ? "up" : "down"} size={12} />
          </span>
        </button>
      )}
    </th>
  )
}
