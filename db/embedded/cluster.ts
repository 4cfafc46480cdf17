import { type ChildProcess, spawn } from "node:child_process"
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs"
import { join } from "node:path"
import { command, giveTo } from "./account"
import type { Binaries } from "./binaries"
import type { Layout } from "./layout"

/** The superuser of an embedded cluster, owner of the database. The application takes its own role over it. */
export const OWNER = "andon"

/** Safe only where a crash may lose everything: databases of tests. */
export const UNSAFE_SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }

const SETTINGS = {
  // Unix socket only: no port to clash with, no password; the folder's mode is the door.
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "60",
  shared_buffers: "256MB",
  effective_cache_size: "2GB",
  work_mem: "16MB",
  maintenance_work_mem: "128MB",
  max_wal_size: "4GB",
  wal_buffers: "16MB",
  // Compiling costs more than it saves on queries of milliseconds, and the package's LLVM may not load.
  jit: "off",
  // An audit touches each day's partitions with their indexes in one transaction.
  max_locks_per_transaction: "512",
  timezone: "UTC",
  log_timezone: "UTC",
  log_checkpoints: "off",
  log_line_prefix: "%m [%p] ",
}

/**
 * Makes the cluster when there is none. Built beside its place and renamed, so that a start cut short leaves nothing half-made
 * and the slower of two starts at once finds the other's.
 * @throws Error when the folder was made by another major version of PostgreSQL.
 */
export async function ensureCluster(
  layout: Layout,
  binaries: Binaries,
  onProgress: (message: string) => void,
): Promise<void> {
  const version = join(layout.cluster, "PG_VERSION")
  if (!existsSync(version)) {
    onProgress("Creating the database cluster")
    await initialise(layout, binaries)
  }
  const major = Number.parseInt(readFileSync(version, "utf8"), 10)
  if (major !== binaries.major) {
    throw new Error(
      `${layout.cluster} was made by PostgreSQL ${major}, this Andon has ${binaries.major}. ` +
        "Start the older Andon on it, or set ANDON_DATA_DIR to a new folder.",
    )
  }
}

async function initialise(layout: Layout, binaries: Binaries): Promise<void> {
  const parent = join(layout.home, `init-${process.pid}-${Date.now()}`)
  const made = join(parent, "postgres")
  mkdirSync(made, { recursive: true, mode: 0o700 })
  if (layout.runAs.kind === "account") giveTo(layout.runAs, parent)
  try {
    // A provider of its own, so that sort order depends neither on the machine's locales nor on their next version.
    const flags = ["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "-A", "trust", "-U", OWNER]
    const child = run(layout, binaries.initdb, ["-D", made, ...flags], "pipe")
    let output = ""
    child.stdout?.on("data", (part) => (output += part))
    child.stderr?.on("data", (part) => (output += part))
    const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve))
    if (code !== 0) throw new Error(`PostgreSQL could not create its data folder ${layout.cluster}:\n${output.trim()}`)
    try {
      renameSync(made, layout.cluster)
    } catch (error) {
      if (!existsSync(join(layout.cluster, "PG_VERSION"))) throw error
    }
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

/** Starts the server; its messages go to the log file. It stands in a session of its own, so that Ctrl-C reaches us alone. */
export function spawnServer(layout: Layout, binaries: Binaries, overrides: Record<string, string>): ChildProcess {
  if ((statSync(layout.log, { throwIfNoEntry: false })?.size ?? 0) > 10 * 1024 * 1024)
    renameSync(layout.log, `${layout.log}.1`)
  const log = openSync(layout.log, "a", 0o600)
  giveTo(layout.runAs, layout.log)
  const settings = { ...SETTINGS, ...overrides, unix_socket_directories: `"${layout.socketDir.replaceAll('"', '""')}"` }
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const child = run(layout, binaries.postgres, ["-D", layout.cluster, ...flags], log)
  closeSync(log)
  child.unref()
  return child
}

/** The last lines that the server wrote, for an error message. */
export function logTail(layout: Layout, from = 0): string {
  const text = existsSync(layout.log) ? readFileSync(layout.log).subarray(from).toString() : ""
  return text.trim().split("\n").slice(-12).join("\n")
}

function run(layout: Layout, program: string, args: string[], output: number | "pipe"): ChildProcess {
  const { program: file, args: all, identity } = command(layout.runAs, program, args)
  return spawn(file, all, {
    ...identity,
    cwd: "/",
    detached: true,
    stdio: ["ignore", output, output],
    // Nothing of ours: a locale that does not exist, PG* variables or a private home would reach the server.
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH ?? "", TZ: "UTC", LC_ALL: "C", HOME: layout.home },
  })
}
