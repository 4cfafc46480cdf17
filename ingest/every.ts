import { logError } from "@/lib/http"

/** Ends what runs by itself: no further turn begins, and the one that is under way is waited for. */
export type Stop = () => Promise<void>

/**
 * Does a piece of work every so often, one turn at a time; a turn that fails is told and made up for by the next. One that fails while it is being
 * stopped is not told: whoever stops it is about to take its database away.
 * @param failed what the log says of it.
 */
export function every(ms: number, failed: string, work: () => Promise<unknown>): Stop {
  let underWay: Promise<void> | null = null
  let isStopped = false
  const turn = async () => {
    try {
      await work()
    } catch (error) {
      if (!isStopped) logError(failed, error)
    } finally {
      underWay = null
    }
  }
  const timer = setInterval(() => {
    underWay ??= turn()
  }, ms)
  timer.unref()
  return async () => {
    isStopped = true
    clearInterval(timer)
    await underWay
  }
}
