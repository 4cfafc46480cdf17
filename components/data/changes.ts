/** An answer that was read within this of a change may have been read before it. */
const READ_MS = 500
/** So many runs are told apart; of more, each counts as changed when the last of them was. */
const RUNS_APART = 1000

type Change = {
  /** Of query keys. */
  prefixes: readonly string[]
  runs: readonly string[]
  /** Others than those named changed too. */
  isEveryRun: boolean
  /** Milliseconds of UTC. */
  at: number
}

/** When what a query key stands for changed last: its prefix, or of `["run", project, id]` the run. */
export function changes() {
  const prefixAt = new Map<string, number>()
  const runAt = new Map<string, number>()
  let everyRunAt = 0
  return {
    note({ prefixes, runs, isEveryRun, at }: Change): void {
      for (const prefix of prefixes) prefixAt.set(prefix, at)
      for (const run of runs) runAt.set(run, at)
      if (!isEveryRun && runAt.size <= RUNS_APART) return
      everyRunAt = at
      runAt.clear()
    },
    /** Whether an answer read at `readAt` may lack the last change. */
    isBefore([prefix, , run]: readonly unknown[], readAt: number): boolean {
      const at = prefix === "run" ? Math.max(everyRunAt, runAt.get(String(run)) ?? 0) : prefixAt.get(String(prefix))
      return readAt < (at ?? 0) + READ_MS
    },
  }
}
