import type { ChildProcess } from "node:child_process"
import { statSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { canReach } from "./account"
import { type Binaries, findBinaries, prepareBinaries } from "./binaries"
import { type Claim, claim, DATABASE, InUseError, type Target } from "./claim"
import { ensureCluster, logTail, OWNER, spawnServer, UNSAFE_SETTINGS } from "./cluster"
import { type Layout, prepareLayout } from "./layout"
import { findPostmaster, isAlive, readPostmaster } from "./postmaster"

/**
 * The life of an embedded server:
 *
 *     absent ──start──▶ starting ──ready──▶ claimed ──stop()──▶ stopped
 *        ▲                 ▲                   │
 *        │                 └──it died──────────┘            (started again, with growing pauses)
 *     orphan (alive, but its Node died) ──start──▶ claimed   (taken over, and stopped by us at the end)
 *
 * Who may stop it is settled in the database itself, by a lock that a session holds (`claim`): it ends with its process, so no
 * stale file has to be judged. A second Andon on the folder is refused; a script attaches without a claim.
 */
export type Embedded = {
  socketDir: string
  user: string
  database: string
  /** The server's process id now; another one after it died and was started again. */
  readonly pid: number
  /** Stops the server and waits for its end; resolves at once when this process only attached. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Made when missing, mode 0700. */
  dataDir: string
  onProgress?: (message: string) => void
  /** Faster, and not safe against a crash of the machine: for tests. */
  unsafe?: boolean
  /** How root runs the server; found out when not given. */
  runAs?: "namespace" | "account"
}

/** Recovery after a crash reads up to `max_wal_size`; on a slow disk that takes minutes. */
const READY_WITHIN_MS = 600_000
/** Backends of a killed server hold its shared memory for an instant. */
const RETRY_WITHIN_MS = 20_000
/** Fast shutdown writes a checkpoint; past this, end without one (the log is replayed at the next start). */
const STOP_WITHIN_MS = 60_000

/**
 * Starts the server of a data folder, or takes over one whose Node died.
 * @throws InUseError when another Andon runs on the folder; Error with the reason when the server does not start.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const onProgress = options.onProgress ?? (() => {})
  const layout = prepareLayout(options.dataDir, options.runAs)
  const binaries = prepareBinaries(findBinaries(), layout.home, (path) => canReach(layout.runAs, path))
  await ensureCluster(layout, binaries, onProgress)
  const server = new Server(layout, binaries, options.unsafe ? UNSAFE_SETTINGS : {}, onProgress)
  await server.start()
  return server
}

/**
 * The server of a data folder for a script: attached to when an Andon runs there, else started, and stopped at the end.
 * Options and errors as `startEmbedded`, except that a running Andon is welcome.
 */
export async function connectEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  try {
    return await startEmbedded(options)
  } catch (error) {
    if (!(error instanceof InUseError)) throw error
    return { ...error.target, user: OWNER, database: DATABASE, stop: async () => {} }
  }
}

class Server implements Embedded {
  readonly user = OWNER
  readonly database = DATABASE
  pid = 0
  private child: ChildProcess | null = null
  private claimed: Claim | null = null
  private stopping: Promise<void> | null = null
  private readonly end = () => this.signal("SIGINT")

  constructor(
    private readonly layout: Layout,
    private readonly binaries: Binaries,
    private readonly settings: Record<string, string>,
    private readonly onProgress: (message: string) => void,
  ) {}

  /** The server's own word: an orphan may have been started with another folder. */
  socketDir = ""

  async start(): Promise<void> {
    process.on("exit", this.end)
    try {
      await this.launch()
      this.claimed = await claim(this.target(), this.onProgress)
    } catch (error) {
      process.off("exit", this.end)
      // A server that another process holds goes on; one that we have just started does not.
      if (this.child && !(error instanceof InUseError)) this.signal("SIGINT")
      this.child = null
      throw error
    }
    for (const signal of SIGNALS) process.on(signal, this.onSignal)
    this.watch()
  }

  stop(): Promise<void> {
    this.stopping ??= this.shutDown()
    return this.stopping
  }

  private target(): Target {
    return { socketDir: this.socketDir, pid: this.pid }
  }

  /** Ends with a server that answers: one found alive, else one of our own, tried again while it may help. */
  private async launch(): Promise<void> {
    const deadline = Date.now() + RETRY_WITHIN_MS
    for (;;) {
      const found = findPostmaster(this.layout.cluster)
      if (found && (await this.becomesReady(found.pid))) {
        this.onProgress(`PostgreSQL already runs (pid ${found.pid})`)
        return
      }
      const logged = statSync(this.layout.log, { throwIfNoEntry: false })?.size ?? 0
      const child = spawnServer(this.layout, this.binaries, this.settings)
      const failure = new Promise<Error>((resolve) => child.once("error", resolve))
      const ready = child.pid ? await this.becomesReady(child.pid) : false
      if (ready) {
        this.child = child
        return
      }
      const reason = child.pid ? logTail(this.layout, logged) : String(await failure)
      // Its shared memory is still held, or another start was faster: both pass.
      const passes = /shared memory block|lock file .* already exists|is another postmaster/i.test(reason)
      if (!passes || Date.now() > deadline) {
        throw new Error(`PostgreSQL did not start (log: ${this.layout.log}):\n${reason}`)
      }
      await sleep(200)
    }
  }

  /** False when the process ended first. */
  private async becomesReady(pid: number): Promise<boolean> {
    const from = Date.now()
    let told = from
    while (isAlive(pid)) {
      const now = readPostmaster(this.layout.cluster)
      if (now?.pid === pid && now.ready) {
        this.pid = pid
        this.socketDir = now.socketDir
        return true
      }
      if (Date.now() - from > READY_WITHIN_MS)
        throw new Error(`PostgreSQL (pid ${pid}) was not ready in time:\n${logTail(this.layout)}`)
      if (Date.now() - told > 5000) {
        told = Date.now()
        this.onProgress(`PostgreSQL is recovering (${Math.round((told - from) / 1000)} s)`)
      }
      await sleep(10)
    }
    return false
  }

  /** Starts the server again when it dies under us. A server that we did not start has no exit event: it is looked at. */
  private watch(): void {
    const child = this.child
    if (child) {
      if (child.exitCode === null && child.signalCode === null) child.once("exit", () => void this.revive())
      else void this.revive()
      return
    }
    const timer = setInterval(() => {
      if (isAlive(this.pid)) return
      clearInterval(timer)
      void this.revive()
    }, 500)
    timer.unref()
  }

  private async revive(): Promise<void> {
    for (let pause = 100; !this.stopping; pause = Math.min(pause * 2, 10_000)) {
      this.onProgress("PostgreSQL ended unexpectedly; starting it again")
      this.child = null
      try {
        await this.launch()
        if (this.stopping) this.signal("SIGINT")
        else this.watch()
        return
      } catch (error) {
        this.onProgress(error instanceof Error ? error.message : String(error))
        await sleep(pause)
      }
    }
  }

  private async shutDown(): Promise<void> {
    process.off("exit", this.end)
    for (const signal of SIGNALS) process.off(signal, this.onSignal)
    await this.claimed?.release()
    // Fast shutdown. SIGTERM would wait for every client, for ever.
    this.signal("SIGINT")
    const deadline = Date.now() + STOP_WITHIN_MS
    for (let hurried = false; this.lives(); await sleep(10)) {
      if (hurried || Date.now() < deadline) continue
      hurried = true
      this.signal("SIGQUIT")
    }
  }

  private lives(): boolean {
    if (this.child) return this.child.exitCode === null && this.child.signalCode === null
    return findPostmaster(this.layout.cluster)?.pid === this.pid
  }

  private signal(name: "SIGINT" | "SIGQUIT"): void {
    // A child's pid is its own until its end was seen. Another's may by now be somebody else's: its lock file tells.
    if (this.child) this.child.kill(name)
    else if (findPostmaster(this.layout.cluster)?.pid === this.pid) process.kill(this.pid, name)
  }

  /** A program with its own handler (the web server drains first) calls `stop` itself; for all others this one does. */
  private readonly onSignal = (name: NodeJS.Signals) => {
    if (process.listenerCount(name) > 1) return
    void this.stop().finally(() => process.kill(process.pid, name))
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
