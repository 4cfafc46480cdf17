import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type postgres from "postgres"
import { makeKeySecret } from "@/access/key-secret"
import { openDatabase } from "@/db/connect"
import { readPostmaster } from "@/db/embedded/postmaster"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { checkInvariants, type Invariants, type JournalEntry } from "@/db/queries/invariants"
import type { Target } from "@/scripts/lib/send-events"
import { type Booted, bootServer, freePort } from "@/server/testing"

/**
 * One installation for a fault to break: the real server on its own data folder with the embedded database, which lives on when the server is
 * killed and is found again by the next.
 */
export class World {
  readonly key = makeKeySecret().text
  readonly #dataDir = mkdtempSync(join(tmpdir(), "andon-faults-"))
  #other: Booted | null = null
  #port = 0
  #server: Booted | null = null

  static async open(): Promise<World> {
    const world = new World()
    world.#port = await freePort()
    await world.start()
    return world
  }

  get server(): Booted {
    if (!this.#server) throw new Error("no server runs in this world")
    return this.#server
  }

  /** For loads and clients, whichever process answers there by then. */
  readonly target = (): Target => ({ url: `http://127.0.0.1:${this.#port}`, key: this.key })

  /** Starts the server, on the same address and folder as before. */
  async start(env: Record<string, string> = {}): Promise<void> {
    this.#server = await bootServer({
      dataDir: this.#dataDir,
      port: this.#port,
      env: { ANDON_INIT_INGEST_KEY: this.key, ...env },
    })
  }

  /** A second process on the same database and secrets, the one that runs already where there is one. */
  async startAnother(): Promise<Target> {
    if (this.#other) return { url: this.#other.url, key: this.key }
    const socketDir = this.#postmaster().socketDir
    // A folder of its own: at its end it must not look for a database to stop.
    const dataDir = mkdtempSync(join(tmpdir(), "andon-faults-other-"))
    copyFileSync(this.file("secrets.json"), join(dataDir, "secrets.json"))
    const other = await bootServer({
      dataDir,
      env: {
        ANDON_INIT_INGEST_KEY: this.key,
        DATABASE_URL: `postgres:///andon?host=${encodeURIComponent(socketDir)}&user=andon`,
      },
    })
    this.#other = other
    return { url: other.url, key: this.key }
  }

  /** SIGKILL of the second process. The next who asks for one starts it anew. */
  async killOther(): Promise<void> {
    await this.#other?.kill()
    await this.#endOther()
  }

  async #endOther(): Promise<void> {
    const other = this.#other
    this.#other = null
    if (!other) return
    await other.dispose()
    rmSync(other.dataDir, { recursive: true, force: true })
  }

  async withOwner<T>(work: (owner: postgres.Sql, projectId: number) => Promise<T>): Promise<T> {
    const database = await openDatabase({ ANDON_DATA_DIR: this.#dataDir }, () => {}, "attach")
    try {
      return await withOwner(database.owner, async (owner) => {
        const [project] = await owner<{ id: number }[]>`select id from projects order by id limit 1`
        return await work(owner, project?.id ?? 0)
      })
    } finally {
      await database.stop()
    }
  }

  async verify(prefix: string, entries: readonly JournalEntry[]): Promise<Invariants & { audit: number }> {
    return await this.withOwner(async (owner, projectId) => {
      const invariants = await checkInvariants(owner, projectId, prefix, entries)
      const { found, differences } = await audit(owner)
      if (found > 0) process.stderr.write(`${JSON.stringify(differences.slice(0, 5))}\n`)
      return { ...invariants, audit: found }
    })
  }

  /** The last lines that the server printed. */
  log(): string[] {
    return (this.#server?.log() ?? "").trim().split("\n").slice(-8)
  }

  /** A file of this world's own, removed with it. */
  file(name: string): string {
    return join(this.#dataDir, name)
  }

  /** Sends a signal to the postmaster, and with `family` to each of its backends too. @returns the postmaster's pid. */
  signalDatabase(signal: NodeJS.Signals, family: boolean): number {
    const { pid } = this.#postmaster()
    const children = family ? childrenOf(pid) : []
    process.kill(pid, signal)
    for (const child of children) {
      try {
        process.kill(child, signal)
      } catch (error) {
        // Gone with its postmaster already.
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
      }
    }
    return pid
  }

  /** True once another postmaster than `pid` says that it is ready. */
  isDatabaseReady(pid: number): boolean {
    const now = readPostmaster(join(this.#dataDir, "postgres"))
    return now !== null && now.pid !== pid && now.ready
  }

  /** Resident memory of the server, bytes. */
  residentBytes(): number {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.server.pid}/status`, "utf8"))?.[1]
    return Number(kilobytes ?? 0) * 1024
  }

  async close(): Promise<void> {
    await this.#endOther()
    await this.#server?.dispose()
    rmSync(this.#dataDir, { recursive: true, force: true })
  }

  #postmaster() {
    const found = readPostmaster(join(this.#dataDir, "postgres"))
    if (!found) throw new Error("no database runs in this world")
    return found
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // The fields after the command's name, which may hold anything and ends with the last parenthesis.
        const stat = readFileSync(`/proc/${name}/stat`, "utf8")
        return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent
      } catch {
        return false
      }
    })
    .map(Number)
}
