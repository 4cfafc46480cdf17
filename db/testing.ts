import { randomBytes } from "node:crypto"
import postgres from "postgres"
import { APP_ROLE } from "./app-role"
import type { Options } from "./client"
import { socketOptions } from "./embedded/claim"

/** The variable through which the set-up of a test run tells its workers where the server is. */
export const TEST_SERVER = "ANDON_TEST_SERVER"
export const TEMPLATE = "andon_template"

export type TestDatabase = {
  /** Owns the tables. */
  owner: Options
  /** The application's role, bound by row-level security. */
  app: Options
  name: string
  /** Close the pools first; what is still connected is cut off. */
  drop(): Promise<void>
}

/**
 * A migrated, empty database for one test file, cloned from the template that the run's set-up made. Call it in `beforeAll`
 * and `drop` in `afterAll`; `configureDatabase(app)` points the pools of `db/client` at it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const socketDir = process.env[TEST_SERVER]
  if (!socketDir)
    throw new Error("No test server: database tests are named *.db.test.ts and run through vitest's set-up.")
  const name = `test_${randomBytes(6).toString("hex")}`
  const owner: Options = { ...socketOptions(socketDir), database: name }
  await onServer(socketDir, (sql) => sql.unsafe(`create database ${name} template ${TEMPLATE}`))
  return {
    owner,
    app: { ...owner, connection: { role: APP_ROLE } },
    name,
    drop: () => onServer(socketDir, (sql) => sql.unsafe(`drop database ${name} with (force)`)),
  }
}

async function onServer(socketDir: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres({ ...socketOptions(socketDir), database: "postgres", max: 1, onnotice: () => {} })
  try {
    await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
