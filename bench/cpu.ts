import { readdirSync, readFileSync } from "node:fs"
import { cpus } from "node:os"

/**
 * Who used the processors: ours (this process, its descendants, the server and its database) against everything else. A figure taken while
 * something else was busy is thrown away: that halved results before without any other sign. Linux only; elsewhere nothing is discarded.
 */
export type CpuSample = { atMs: number; busySeconds: number; ownSeconds: number }

const TICKS = 100
export const MOST_FOREIGN = 0.12

export function sampleCpu(roots: readonly number[]): CpuSample | null {
  try {
    const fields = (readFileSync("/proc/stat", "utf8").split("\n")[0] as string).split(/\s+/).slice(1).map(Number)
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields
    return {
      atMs: performance.now(),
      busySeconds: (user + nice + system + irq + softirq) / TICKS,
      ownSeconds: ownSeconds(roots),
    }
  } catch {
    return null
  }
}

/** Share of all processors' time that others used between two samples; null where it cannot be known. */
export function foreignShare(before: CpuSample | null, after: CpuSample | null): number | null {
  if (!before || !after) return null
  const capacity = ((after.atMs - before.atMs) / 1000) * cpus().length
  const foreign = after.busySeconds - before.busySeconds - (after.ownSeconds - before.ownSeconds)
  return Math.max(0, foreign / capacity)
}

type Process = { parent: number; seconds: number }

/** CPU of the roots and all their descendants, those already ended and waited for included. */
function ownSeconds(roots: readonly number[]): number {
  const processes = new Map<number, Process>()
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8")
      const f = stat
        .slice(stat.lastIndexOf(")") + 2)
        .split(" ")
        .map(Number)
      const seconds = ((f[11] ?? 0) + (f[12] ?? 0) + (f[13] ?? 0) + (f[14] ?? 0)) / TICKS
      processes.set(Number(name), { parent: f[1] ?? 0, seconds })
    } catch {
      // Ended between the listing and the reading.
    }
  }
  const own = new Set(roots)
  const isOwn = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = processes.get(at)?.parent)
      if (own.has(at)) return true
    return false
  }
  let seconds = 0
  for (const [pid, process] of processes) if (isOwn(pid)) seconds += process.seconds
  return seconds
}

export function residentMegabytes(pid: number): number | null {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))
    return line ? Math.round(Number(line[1]) / 1024) : null
  } catch {
    return null
  }
}
