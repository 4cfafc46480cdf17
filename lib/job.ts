import { AppError } from "@/lib/errors"
import { toIso } from "@/lib/time"

/** The wire's `Job`, see `lib/contracts/settings.ts`. */
export type JobState = {
  state: "running" | "done" | "failed" | "cancelled"
  title: string
  started_by: string
  started_at: string
  finished_at: string | null
  done: number
  total: number | null
  message: string | null
}
type Report = (done: number, total: number | null) => void
type Work = (report: Report, signal: AbortSignal) => Promise<string>

const holder = globalThis as typeof globalThis & { andonJobs?: Map<string, { state: JobState; stop: AbortController }> }
holder.andonJobs ??= new Map()
const jobs = holder.andonJobs

/**
 * Begins long work that outlives the request that asked for it. One of a name at a time; the last of a name is remembered as long as the process lives.
 * @param work says what came of it; what it throws is kept in words (an AppError's, else that it failed).
 * @throws AppError `conflict` while one of this name is under way.
 */
export function startJob(
  name: string,
  title: string,
  by: string,
  work: Work,
  onFailure: (error: unknown) => void,
): JobState {
  if (jobs.get(name)?.state.state === "running") throw new AppError("conflict", "This is under way already.")
  const stop = new AbortController()
  const state: JobState = {
    state: "running",
    title,
    started_by: by,
    started_at: toIso(Date.now()),
    finished_at: null,
    done: 0,
    total: null,
    message: null,
  }
  jobs.set(name, { state, stop })
  const finish = (end: JobState["state"], message: string) =>
    Object.assign(state, { state: end, message, finished_at: toIso(Date.now()) })
  const report: Report = (done, total) => Object.assign(state, { done, total })
  work(report, stop.signal).then(
    (message) => finish("done", message),
    (error: unknown) => {
      if (stop.signal.aborted) return finish("cancelled", "Cancelled.")
      onFailure(error)
      return finish("failed", error instanceof AppError ? error.message : "It failed; the server's log says why.")
    },
  )
  return { ...state }
}

/** As it is now: the copy does not change under who reads on. */
export function jobState(name: string): JobState | null {
  const job = jobs.get(name)
  return job ? { ...job.state } : null
}

/** @returns whether there was something to cancel. */
export function cancelJob(name: string): boolean {
  const job = jobs.get(name)
  if (job?.state.state !== "running") return false
  job.stop.abort()
  return true
}
