import { readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { readMigrationFiles } from "drizzle-orm/migrator"
import postgres from "postgres"
import { ensureAppRole, grantAppRole } from "./app-role"
import type { Options } from "./client"

const MIGRATIONS = fileURLToPath(new URL("../drizzle", import.meta.url))

/** Key of the session lock that lets one instance migrate while the others wait. */
const LOCK = 411_423_002

/** A migration must not queue behind a long query with every other query queueing behind it. */
const LOCK_TIMEOUT_MS = 2000
const LOCK_ATTEMPTS = 30

/**
 * Brings the database to this version's schema: each file of `drizzle/` that is not in its books, in a transaction of its own.
 * Two instances at once: one does it, the other waits and finds nothing to do. The books are those of drizzle-kit
 * (`drizzle.__drizzle_migrations`); its migrator is not used because it runs all files in one transaction, without a word.
 * @returns how many files ran.
 */
export async function migrate(
  owner: Options,
  onProgress: (message: string) => void,
  folder = MIGRATIONS,
): Promise<number> {
  const sql = postgres({ ...owner, max: 1, max_lifetime: null, onnotice: () => {} })
  try {
    await waitForTurn(sql, onProgress)
    await ensureAppRole(sql)
    const pending = await pendingFiles(sql, folder)
    for (const [index, file] of pending.entries()) {
      const from = performance.now()
      await apply(sql, file, onProgress)
      const seconds = ((performance.now() - from) / 1000).toFixed(1)
      onProgress(`Migrated ${file.name} (${index + 1} of ${pending.length}, ${seconds} s)`)
    }
    await grantAppRole(sql)
    return pending.length
  } finally {
    await sql.end({ timeout: 5 })
  }
}

type File = { name: string; statements: string[]; hash: string; when: number }

async function waitForTurn(sql: postgres.Sql, onProgress: (message: string) => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const [row] = await sql<{ mine: boolean }[]>`select pg_try_advisory_lock(${LOCK}::bigint) as mine`
    if (row?.mine) return
    if (attempt % 25 === 0) onProgress("Waiting for another instance that migrates the database")
    await sleep(200)
  }
}

async function pendingFiles(sql: postgres.Sql, folder: string): Promise<File[]> {
  const tags: string[] = JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")).entries.map(
    (entry: { tag: string }) => entry.tag,
  )
  const files = readMigrationFiles({ migrationsFolder: folder })
  await sql`create schema if not exists drizzle`
  await sql`create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`
  const [last] = await sql<
    { at: string | null }[]
  >`select max(created_at)::text as at from drizzle.__drizzle_migrations`
  const done = Number(last?.at ?? -1)
  return files
    .map(({ sql: statements, hash, folderMillis: when }, index) => ({
      name: tags[index] ?? hash,
      statements,
      hash,
      when,
    }))
    .filter(({ when }) => when > done)
}

async function apply(sql: postgres.Sql, file: File, onProgress: (message: string) => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sql.begin(async (tx) => {
        await tx`select set_config('lock_timeout', ${`${LOCK_TIMEOUT_MS}ms`}, true), set_config('statement_timeout', '0', true)`
        for (const statement of file.statements) await tx.unsafe(statement)
        await tx`insert into drizzle.__drizzle_migrations (hash, created_at) values (${file.hash}, ${file.when})`
      })
      return
    } catch (error) {
      const busy = (error as { code?: string }).code === "55P03"
      if (!busy || attempt === LOCK_ATTEMPTS)
        throw new Error(`Migration ${file.name} failed: ${(error as Error).message}`, { cause: error })
      onProgress(`${file.name} waits for a table that is in use (attempt ${attempt} of ${LOCK_ATTEMPTS})`)
      await sleep(500 + Math.random() * 500)
    }
  }
}
