import { spawnSync } from "node:child_process"
import { existsSync, readFileSync, readlinkSync, rmSync } from "node:fs"
import { basename, join } from "node:path"

/** What a cluster's lock file says about its server. */
export type Postmaster = { pid: number; socketDir: string; ready: boolean }

/** Reads `postmaster.pid`; null when there is none or it is still being written. */
export function readPostmaster(cluster: string): Postmaster | null {
  let lines: string[]
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")
  } catch {
    return null
  }
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return null
  return { pid, socketDir: lines[4] ?? "", ready: lines[7]?.trim() === "ready" }
}

/**
 * The cluster's living server, null when none lives. A lock file whose pid now belongs to another program (a container counts
 * its pids from one again) is removed: PostgreSQL itself would refuse to start beside it.
 */
export function findPostmaster(cluster: string): Postmaster | null {
  const found = readPostmaster(cluster)
  if (!found || !isAlive(found.pid)) return null
  if (isServerOf(found.pid, cluster)) return found
  rmSync(join(cluster, "postmaster.pid"), { force: true })
  return null
}

/** A process that may not be signalled lives all the same. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}

function isServerOf(pid: number, cluster: string): boolean {
  if (!existsSync("/proc/self/cmdline")) {
    const { stdout } = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" })
    return stdout.includes("postgres") && stdout.includes(cluster)
  }
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")
    // Its working folder is the cluster, also when the checkout has been moved since.
    return (
      basename(args[0] ?? "") === "postgres" && (args.includes(cluster) || readlinkSync(`/proc/${pid}/cwd`) === cluster)
    )
  } catch {
    return false
  }
}
