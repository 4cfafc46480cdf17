"use client"

import { useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, useContext, useEffect, useState } from "react"
import { changes } from "@/components/data/changes"
import { inProject } from "@/components/data/http"

export type LiveState = {
  connection: "connecting" | "live" | "lost"
  /** When the server was last heard of, milliseconds of UTC; null before the first time. */
  heardAt: number | null
  /** The runs named by the latest change. */
  latestRuns: readonly string[]
}
const LiveContext = createContext<LiveState>({ connection: "connecting", heardAt: null, latestRuns: [] })

/** Which cached answers a topic of the stream makes stale. */
const STALE: Record<string, string[]> = {
  spend: ["spend", "quality", "reports"],
  runs: ["runs"],
  verifications: ["verifications"],
  halts: ["halts"],
}
const EVERY_MS = 1000

type Change = { topics?: unknown; runs?: unknown; all_runs?: unknown; at?: unknown }
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : []

/**
 * One server-sent stream a page. A change invalidates what it names, at most once a second, and not while nobody looks:
 * a hidden page catches up when it is shown. EventSource reconnects by itself; after a gap everything counts as stale. What changed since the page
 * was read, or since another page was fetched ahead, counts too.
 * @param since when the server drew the page, milliseconds of UTC.
 */
export function LiveProvider(props: { project: string; since: number; children: ReactNode }) {
  const { project, children } = props
  const client = useQueryClient()
  // Of the first drawing: a later one needs no new stream.
  const [since] = useState(props.since)
  const [state, setState] = useState<LiveState>({ connection: "connecting", heardAt: null, latestRuns: [] })

  useEffect(() => {
    const stale = new Set<string>()
    const changed = changes()
    let everyRun = false
    const staleRuns = new Set<string>()
    let timer: number | null = null
    let flushedAt = Number.NEGATIVE_INFINITY
    let wasLost = false
    const flush = () => {
      timer = null
      if (document.visibilityState === "hidden") return
      flushedAt = performance.now()
      const prefixes = [...stale]
      const runs = new Set(staleRuns)
      const isEveryRun = everyRun
      everyRun = false
      stale.clear()
      staleRuns.clear()
      for (const prefix of prefixes) void client.invalidateQueries({ queryKey: [prefix] })
      void client.invalidateQueries({
        queryKey: ["run"],
        predicate: ({ queryKey }) => isEveryRun || runs.has(String(queryKey[2])),
      })
    }
    const plan = (prefixes: Iterable<string>, runs: readonly string[] = []) => {
      for (const prefix of prefixes) stale.add(prefix)
      for (const run of runs) staleRuns.add(run)
      // The first change at once: somebody may stand before the board. What follows it waits for the second to end.
      if (stale.size > 0 || staleRuns.size > 0 || everyRun)
        timer ??= window.setTimeout(flush, Math.max(0, flushedAt + EVERY_MS - performance.now()))
    }
    const source = new EventSource(inProject("/api/v1/live", project, { since: String(since) }))
    source.onopen = () => {
      if (wasLost) plan([...Object.values(STALE).flat(), "run"])
      wasLost = false
      setState((before) => ({ ...before, connection: "live", heardAt: Date.now() }))
    }
    source.onerror = () => {
      wasLost = true
      setState((before) => ({ ...before, connection: "lost" }))
    }
    source.addEventListener("change", (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as Change
      const runs = strings(change.runs)
      const prefixes = strings(change.topics).flatMap((topic) => STALE[topic] ?? [])
      const isEveryRun = change.all_runs === true
      changed.note({ prefixes, runs, isEveryRun, at: Date.parse(String(change.at)) })
      everyRun ||= isEveryRun
      plan(prefixes, runs)
      setState({ connection: "live", heardAt: Date.now(), latestRuns: runs })
    })
    // A page that was fetched ahead, or while something changed, brings answers from before it.
    const unsubscribe = client.getQueryCache().subscribe((event) => {
      const isBrought = event.type === "added" || (event.type === "updated" && event.action.type === "setState")
      if (!isBrought || event.query.state.data === undefined) return
      const { queryKey, state } = event.query
      if (!changed.isBefore(queryKey, state.dataUpdatedAt)) return
      if (queryKey[0] === "run") plan([], [String(queryKey[2])])
      else plan([String(queryKey[0])])
    })
    const onShow = () => plan([])
    document.addEventListener("visibilitychange", onShow)
    return () => {
      source.close()
      unsubscribe()
      if (timer !== null) window.clearTimeout(timer)
      document.removeEventListener("visibilitychange", onShow)
    }
  }, [client, project, since])

  return <LiveContext value={state}>{children}</LiveContext>
}

export function useLive(): LiveState {
  return useContext(LiveContext)
}
