import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import postgres from "postgres"
import { OWNER } from "./cluster"
import { SOCKET } from "./layout"

export const DATABASE = "andon"

export type Target = { socketDir: string; pid: number }

export type Claim = { release(): Promise<void> }

/** Another Andon runs on the data folder. `target` is its server, for a script that only wants to use it. */
export class InUseError extends Error {
  constructor(
    readonly target: Target,
    holder: string,
  ) {
    super(
      `Another Andon (${holder}) is running on this data folder. Stop it first, or set ANDON_DATA_DIR to another folder.`,
    )
    this.name = "InUseError"
  }
}

/** Key of the session lock, in the maintenance database so that dropping or cloning ours never meets it. */
const LOCK = 411_423_001

/**
 * Takes the folder for this process and makes sure that the database exists. The lock lives in a session: it is gone at the
 * instant that its process is. It is taken again when the server was restarted under us.
 * @throws InUseError when another process holds it.
 */
export async function claim(target: Target, onProgress: (message: string) => void): Promise<Claim> {
  let state: "taking" | "held" | "released" = "taking"
  const session = postgres({
    ...socketOptions(target.socketDir),
    database: "postgres",
    max: 1,
    // A recycled connection would drop the lock.
    max_lifetime: null,
    connect_timeout: 10,
    connection: { application_name: `andon pid ${process.pid}` },
    onclose: () => {
      if (state === "held") void takeAgain()
    },
  })

  async function take(): Promise<void> {
    const [row] = await session<{ taken: boolean }[]>`select pg_try_advisory_lock(${LOCK}::bigint) as taken`
    if (row?.taken) return
    const [holder] = await session<{ name: string }[]>`
      select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.objid = ${LOCK}::bigint::oid and l.granted`
    throw new InUseError(target, holder?.name.replace(/^andon /, "") ?? "of unknown pid")
  }

  async function takeAgain(): Promise<void> {
    state = "taking"
    while (state === "taking") {
      await sleep(250)
      try {
        await take()
        state = state === "taking" ? "held" : state
      } catch (error) {
        if (error instanceof InUseError) return onProgress(error.message)
      }
    }
  }

  async function release(): Promise<void> {
    state = "released"
    await session.end({ timeout: 1 })
  }

  try {
    // The session of a process killed just now may hold the lock for an instant more.
    await take().catch(() => sleep(300).then(take))
    state = "held"
    const found = await session`select from pg_database where datname = ${DATABASE}`
    if (found.length === 0) await session.unsafe(`create database ${DATABASE}`)
    return { release }
  } catch (error) {
    await release()
    throw error
  }
}

/** How postgres.js reaches a server's socket. The path is given whole: a `host` is cut at commas and colons. */
export function socketOptions(socketDir: string) {
  return { host: socketDir, path: join(socketDir, SOCKET), port: 5432, user: OWNER, ssl: false } as const
}
