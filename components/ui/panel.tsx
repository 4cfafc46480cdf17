"use client"

import type { ReactNode } from "react"
import { useClock } from "@/components/ui/clock"
import { formatClock, plural } from "@/lib/format"

/** What a panel needs of a query; TanStack's result has this shape. */
export type PanelQuery<T> = {
  data: T | undefined
  error: Error | null
  isFetching: boolean
  isPlaceholderData: boolean
  dataUpdatedAt: number
  refetch: () => unknown
}

type PanelProps<T> = {
  title: string
  query: PanelQuery<T>
  /** Height that all five states keep, in pixels. */
  minHeight: number
  isEmpty?: (data: T) => boolean
  /** Shown when there is nothing: the filters in words with a way to clear them, or the snippet that makes the first row. */
  empty?: ReactNode
  /** Export, view switch: beside the title. */
  actions?: ReactNode
  /** The first load in the shape of what comes; lines of text otherwise. */
  skeleton?: ReactNode
  children: (data: T) => ReactNode
}

/** A titled box that tells first load, empty, failed, and data (fresh, refreshing, or not refreshed) apart without changing its size. */
export function Panel<T>({ title, query, minHeight, isEmpty, empty, actions, skeleton, children }: PanelProps<T>) {
  const { data, error } = query
  return (
    <section className="panel min-w-0" aria-label={title} aria-busy={query.isFetching}>
      <header className="panel-head flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-1.5">
        <h2 className="text-body">{title}</h2>
        <Freshness query={query} />
        <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>
      </header>
      <div style={{ minHeight }} className="flex min-w-0 flex-col">
        {data !== undefined ? (
          isEmpty?.(data) ? (
            <Centered>{empty}</Centered>
          ) : (
            <div className="panel-data" data-stale={query.isPlaceholderData}>
              {children(data)}
            </div>
          )
        ) : error ? (
          <Centered>
            <Failure what={title} error={error} retry={() => void query.refetch()} />
          </Centered>
        ) : (
          (skeleton ?? <Skeleton rows={Math.max(2, Math.floor(minHeight / 48))} />)
        )}
      </div>
    </section>
  )
}

function Freshness<T>({ query }: { query: PanelQuery<T> }) {
  const { zone } = useClock()
  if (query.data === undefined || !query.error) return null
  const at = new Date(query.dataUpdatedAt).toISOString()
  return (
    <span role="status" className="flex items-center gap-2 text-label text-alarm" title={query.error.message}>
      not refreshed, as of {formatClock(at, zone)}
      <button type="button" className="link" onClick={() => void query.refetch()}>
        Try again
      </button>
    </span>
  )
}

export function Centered({ children }: { children: ReactNode }) {
  return <div className="flex grow flex-col items-start justify-center gap-3 px-4 py-6">{children}</div>
}

/** What failed, what to do; the rest of the page lives. */
export function Failure({ what, error, retry }: { what: string; error: Error; retry: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-start gap-3">
      <p>
        <strong>{what} could not be read.</strong> <span className="text-ink-11">{error.message}</span>
      </p>
      <button type="button" className="button" onClick={retry}>
        Try again
      </button>
    </div>
  )
}

export function Skeleton({ rows }: { rows: number }) {
  return (
    <div className="flex flex-col gap-3 p-4" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className="skeleton h-5" style={{ width: `${92 - ((row * 13) % 40)}%` }} />
      ))}
    </div>
  )
}

/** Says that the filters, not the data, are why nothing is shown. */
export function FilteredOut({ what, filters, clear }: { what: string; filters: string; clear: () => void }) {
  return (
    <>
      <p className="text-ink-11">
        No {what} with {filters}.
      </p>
      <button type="button" className="button" onClick={clear}>
        Clear filters
      </button>
    </>
  )
}

/** `50 of 187 runs`, `50 of 10,000+ runs`. */
export function Shown({
  shown,
  count,
  one,
  order,
}: {
  shown: number
  count: { value: number; is_capped: boolean } | null
  one: string
  /** In which order they stand, where no control says it. */
  order?: string
}) {
  if (!count) return <span className="text-label text-ink-10">{plural(shown, one)}</span>
  const all = count.is_capped ? "10,000+" : String(count.value).replace(/\B(?=(\d{3})+$)/g, ",")
  return (
    <span className="text-label text-ink-10">
      {shown} of {all} {count.value === 1 ? one : `${one}s`}
      {order && count.value > 1 ? `, ${order}` : ""}
    </span>
  )
}
