type Hear = (project: number | null, runs: readonly string[]) => void
type Heard = { waiting: Set<Hear>; isOver: boolean }

/**
 * Wakes who waits for changes of a project, in this process. Who listens to the database tells; Next bundles its own copy of every module, so that
 * the waiting live behind `globalThis`.
 */
const holder = globalThis as typeof globalThis & { andonHeard?: Heard }
holder.andonHeard ??= { waiting: new Set(), isOver: false }
const heard = holder.andonHeard

/** @param project null: anything may have changed. @param runs those that changed; none: any may have. */
export function tellHeard(project: number | null, runs: readonly string[] = []): void {
  for (const hear of [...heard.waiting]) hear(project, runs)
}

/** The process ends: nobody waits any more. */
export function endHeard(): void {
  heard.isOver = true
  tellHeard(null)
}

export function isHeardOver(): boolean {
  return heard.isOver
}

/**
 * Waits for the next change of a project, or of these runs of it. Begun before one looks, it misses nothing that comes after the look.
 * Resolves then, or when `ms` have passed, `signal` is aborted, or the process ends; never rejects.
 */
export function untilHeard(project: number, runs: readonly string[], ms: number, signal: AbortSignal): Promise<void> {
  if (heard.isOver || signal.aborted || ms <= 0) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      heard.waiting.delete(hear)
      signal.removeEventListener("abort", end)
      resolve()
    }
    const hear: Hear = (changed, named) => {
      const isAny = runs.length === 0 || named.length === 0
      if (changed === null || (changed === project && (isAny || runs.some((run) => named.includes(run))))) end()
    }
    const timer = setTimeout(end, ms)
    heard.waiting.add(hear)
    signal.addEventListener("abort", end)
  })
}
