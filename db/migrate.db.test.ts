import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import { afterAll, beforeAll, expect, it } from "vitest"
import { migrate } from "./migrate"
import { createTestDatabase, type TestDatabase } from "./testing"

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await createTestDatabase()
  folder = mkdtempSync(join(tmpdir(), "andon-migrations-"))
  mkdirSync(join(folder, "meta"))
})

afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** Later than every real migration, in order of their names. */
function write(...files: [name: string, text: string][]): void {
  const entries = files.map(([tag], idx) => ({ idx, version: "7", when: 4e12 + idx, tag, breakpoints: true }))
  writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ version: "7", dialect: "postgresql", entries }))
  for (const [tag, text] of files) writeFileSync(join(folder, `${tag}.sql`), text)
}

async function withOwner<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres({ ...database.owner, max: 1, onnotice: () => {} })
  return await work(sql).finally(() => sql.end())
}

it("a migrated database has nothing to do", async () => {
  expect(await migrate(database.owner, () => {})).toBe(0)
})

it("two instances at once run each file once", async () => {
  write(
    ["9000_first", "create table first_one (n int);--> statement-breakpoint\nselect pg_sleep(0.3)"],
    ["9001_next", "create table next_one (n int)"],
  )
  const said: string[] = []
  const ran = await Promise.all([1, 2].map(() => migrate(database.owner, (message) => said.push(message), folder)))
  expect(ran.sort()).toEqual([0, 2])
  expect(said.filter((line) => line.startsWith("Migrated 9000_first (1 of 2"))).toHaveLength(1)
  expect(said.filter((line) => line.startsWith("Migrated 9001_next (2 of 2"))).toHaveLength(1)
})

it("a failing file leaves nothing of itself, what ran before it stays, and the next start takes it up again", async () => {
  const good: [string, string] = ["9002_good", "create table good_one (n int)"]
  write(["9000_first", ""], ["9001_next", ""], good, [
    "9003_bad",
    "create table half_done (n int);--> statement-breakpoint\nselect no_such_column",
  ])
  await expect(migrate(database.owner, () => {}, folder)).rejects.toThrow(/Migration 9003_bad failed: .*no_such_column/)
  const found = await withOwner(
    (sql) => sql`select to_regclass('good_one') is not null as good, to_regclass('half_done') is not null as half`,
  )
  expect(found).toEqual([{ good: true, half: false }])
  write(["9000_first", ""], ["9001_next", ""], good, ["9003_bad", "create table half_done (n int)"])
  expect(await migrate(database.owner, () => {}, folder)).toBe(1)
})

it("a file that needs a table in use waits for it, and says so", async () => {
  write(
    ["9000_first", ""],
    ["9001_next", ""],
    ["9002_good", ""],
    ["9003_bad", ""],
    ["9004_lock", "alter table first_one add column m int"],
  )
  const said: string[] = []
  await withOwner(async (sql) => {
    let release: (() => void) | undefined
    const reader = sql.begin(async (tx) => {
      await tx`select from first_one`
      await new Promise<void>((resolve) => {
        release = resolve
      })
    })
    const migrated = migrate(
      database.owner,
      (message) => {
        said.push(message)
        if (message.includes("waits for a table")) release?.()
      },
      folder,
    )
    expect(await migrated).toBe(1)
    await reader
  })
  expect(said.some((line) => line.startsWith("9004_lock waits for a table that is in use"))).toBe(true)
})
