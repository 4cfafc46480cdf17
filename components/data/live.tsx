"use client"

import { useQueryClient } from "@tanstack/react-query"
import { createContext, type ReactNode, useContext, useEffect, useState } from "react"
import { withQuery } from "@/components/data/http"

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
  spend: ["spend", "quality"],
  runs: ["runs"],
  verifications: ["verifications"],
  halts: ["halts"],
}
const EVERY_MS = 1000
/** The stream names at most this many runs; with so many, others may have changed too. */
const NAMED_RUNS = 50

type Change = { topics?: unknown; runs?: unknown }
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : []

/**
 * One server-sent stream a page. A change invalidates what it names, at most once a second, and not while nobody looks:
 * a hidden page catches up when it is shown. EventSource reconnects by itself; after a gap everything counts as stale.
 */
export function LiveProvider({ project, children }: { project: string; children: ReactNode }) {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>({ connection: "connecting", heardAt: null, latestRuns: [] })

  useEffect(() => {
    const stale = new Set<string>()
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
      stale.clear()
      staleRuns.clear()
      for (const prefix of prefixes) void client.invalidateQueries({ queryKey: [prefix] })
      void client.invalidateQueries({
        queryKey: ["run"],
        predicate: ({ queryKey }) => runs.size >= NAMED_RUNS || runs.has(String(queryKey[2])),
      })
    }
    const plan = (prefixes: Iterable<string>, runs: readonly string[] = []) => {
      for (const prefix of prefixes) stale.add(prefix)
      for (const run of runs) staleRuns.add(run)
      // The first change at once: somebody may stand before the board. What follows it waits for the second to end.
      if (stale.size > 0) timer ??= window.setTimeout(flush, Math.max(0, flushedAt + EVERY_MS - performance.now()))
    }
    const source = new EventSource(withQuery("/api/v1/live", new URLSearchParams({ project }).toString()))
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
      plan(
        strings(change.topics).flatMap((topic) => STALE[topic] ?? []),
        runs,
      )
      setState({ connection: "live", heardAt: Date.now(), latestRuns: runs })
    })
    const onShow = () => plan([])
    document.addEventListener("visibilitychange", onShow)
    return () => {
      source.close()
      if (timer !== null) window.clearTimeout(timer)
      document.removeEventListener("visibilitychange", onShow)
    }
  }, [client, project])

  return <LiveContext value={state}>{children}</LiveContext>
}

export function useLive(): LiveState {
  return useContext(LiveContext)
}
