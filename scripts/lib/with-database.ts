import type postgres from "postgres"
import { closePools, configureDatabase } from "@/db/client"
import { type Database, type Environment, openDatabase } from "@/db/connect"
import { migrate } from "@/db/migrate"
import { withOwner } from "@/db/owner"
import { announceNow } from "@/ingest/announce"

export const say = (message: string): void => {
  process.stderr.write(`${message}\n`)
}

/**
 * Runs a script on the database that the environment names, beside a running server or alone: opens it, migrates it, points the pools at it and
 * leaves nothing behind. `owner` is one connection that row-level security does not bind.
 */
export async function withDatabase<T>(
  env: Environment,
  work: (database: Database, owner: postgres.Sql) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(env, say, "attach")
  try {
    await migrate(database.owner, say)
    configureDatabase(database.app)
    try {
      return await withOwner(database.owner, (owner) => work(database, owner))
    } finally {
      await announceNow()
      await closePools()
    }
  } finally {
    await database.stop()
  }
}

/** Ends the process with the script's answer; a failure is one line for the person at the terminal, its cause only on request. */
export function runScript(work: () => Promise<number>): void {
  work().then(
    (code) => {
      process.exitCode = code
    },
    (error: unknown) => {
      say(error instanceof Error ? error.message : String(error))
      if (process.env.DEBUG && error instanceof Error) say(error.stack ?? "")
      process.exitCode = 1
    },
  )
}
