import { sql as drizzleSql, type SQL } from "drizzle-orm"
import { PgDialect } from "drizzle-orm/pg-core"
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js"
import postgres from "postgres"
import { AppError } from "@/lib/errors"

/**
 * Connections of this process. Next bundles its own copy of every module, so what must exist once lives behind `globalThis`.
 * Pages and ingest have separate pools: a flood of events must not take the pages down, nor the other way round. What may take minutes
 * (rebuild, retention, audit) has a third.
 */
export type PoolName = "pages" | "ingest" | "maintenance"
export type Options = postgres.Options<Record<string, never>>

type Connections = { app: Options | undefined; pools: Map<PoolName, postgres.Sql> }

const holder = globalThis as typeof globalThis & { andonConnections?: Connections }
holder.andonConnections ??= { app: undefined, pools: new Map() }
const connections = holder.andonConnections

/** Names the database for this process: options of the application role. Called once, before the first query. */
export function configureDatabase(app: Options): void {
  connections.app = app
}

const POOL_SIZE: Record<PoolName, number> = { pages: 8, ingest: 5, maintenance: 2 }

/** Of a pool's connections, beyond what all of them have. */
const SETTINGS: Record<PoolName, Record<string, string | number | boolean>> = {
  // Ninety days of a few hundred dimension sets are grouped in memory; with less PostgreSQL sorts them, at twice the CPU.
  // Started workers and compiled statements pay for seconds of work; a page has milliseconds of it, eight at a time: they tripled its time on a busy machine.
  // As words: postgres.js 3.4.9 leaves out what is 0 or false.
  pages: { work_mem: "32MB", max_parallel_workers_per_gather: "0", jit: "off", plan_cache_mode: "force_custom_plan" },
  // Every read of the writer is a handful of rows by key. Planned once, and never for a table that was still empty when it was planned.
  ingest: {
    plan_cache_mode: "force_generic_plan",
    enable_seqscan: false,
    enable_hashjoin: false,
    enable_mergejoin: false,
  },
  maintenance: {
    statement_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    lock_timeout: 60_000,
    plan_cache_mode: "force_custom_plan",
  },
}

/**
 * How long a connection that was refused waits for its next try. postgres.js 3.4.9 by itself waits up to 20 s, of which each connection keeps its own: whoever was given one of those
 * hung until the write was given up, while the database had been back for seconds.
 */
const RECONNECT_SECONDS = 0.1

export function pool(name: PoolName = "pages"): postgres.Sql {
  const open = connections.pools.get(name)
  if (open) return open
  if (!connections.app) throw new Error("configureDatabase was not called")
  const made = postgres({
    ...connections.app,
    max: POOL_SIZE[name],
    idle_timeout: 60,
    connect_timeout: 2,
    backoff: () => RECONNECT_SECONDS,
    onnotice: () => {},
    connection: {
      application_name: `andon ${name}`,
      TimeZone: "UTC",
      statement_timeout: 5_000,
      lock_timeout: 2_000,
      idle_in_transaction_session_timeout: 10_000,
      ...SETTINGS[name],
      ...connections.app.connection,
    },
  })
  connections.pools.set(name, made)
  return made
}

export async function closePools(): Promise<void> {
  const open = [...connections.pools.values()]
  connections.pools.clear()
  await Promise.all(open.map((sql) => sql.end({ timeout: 5 })))
}

/** Gives up every connection: the next query makes new ones. What is under way on the old ones has `graceSeconds` to end, then it fails. */
export function renewPools(graceSeconds = 0): void {
  const open = [...connections.pools.values()]
  connections.pools.clear()
  for (const sql of open) sql.end({ timeout: graceSeconds }).catch(() => {})
}

/**
 * postgres.js 3.4.9 writes a statement to a socket that has just been lost, outside of any promise: an uncaught error, after which neither the statement nor
 * its transaction ever settles. Whoever sees this error must renew the pools. Told by its message alone, because Next rewrites stacks.
 */
export function isLostWrite(error: unknown): boolean {
  return error instanceof TypeError && error.message === "Cannot read properties of null (reading 'write')"
}

/** Longer than any statement of the pools may take. */
const GRACE_SECONDS = 6

/**
 * What has not settled after `ms` never will: the connections are given up, and the caller hears that the database is away. What else is on them may
 * end: when a statement was lost by a restart, the database has been back for seconds by now, and others are at work.
 */
export async function settleWithin<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      renewPools(GRACE_SECONDS)
      reject(new AppError("database_unavailable", "The data store did not answer in time."))
    }, ms)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/** Drizzle over the pages pool, for the few tables that belong to no project (users, sessions). */
export function db(): PostgresJsDatabase {
  return drizzle(pool("pages"))
}

declare const scoped: unique symbol
/** A transaction that sees the rows of its projects only; nothing but `withProject` makes one. */
export type ProjectTx = PostgresJsDatabase & { readonly [scoped]: true; readonly projectId: number }

/**
 * The driver's side of a transaction, for what ingest shares with people's acts: its statements are the driver's own. Drizzle types a session without the
 * client that it holds; that of postgres.js always has one.
 */
export function driverOf(tx: ProjectTx): postgres.TransactionSql {
  const { client } = tx._.session as unknown as { client?: postgres.TransactionSql }
  if (!client) throw new Error("this transaction is not of postgres.js")
  return client
}

const dialect = new PgDialect()

/**
 * A transaction of one project, whose statements run prepared, which Drizzle never does on this driver: the database reads each once a connection, and
 * it is sent in one go instead of two. The board takes a fifth less time for it. Planned anew each time all the same (`plan_cache_mode`): the range
 * that is asked for makes the plan.
 */
function scopedTo(tx: PostgresJsDatabase, projectId: number): ProjectTx {
  const scopedTx = Object.assign(tx, { projectId }) as unknown as ProjectTx
  const driver = driverOf(scopedTx)
  const execute = async (statement: SQL) => {
    const { sql, params } = dialect.sqlToQuery(statement)
    return await driver.unsafe(sql, params as postgres.ParameterOrJSON<never>[], { prepare: params.length > 0 })
  }
  return Object.assign(scopedTx, { execute }) as ProjectTx
}

/** Runs `work` in one transaction that sees `projectId` alone. Row-level security refuses the rest, whatever the query says. */
export async function withProject<T>(projectId: number, work: (tx: ProjectTx) => Promise<T>): Promise<T> {
  return await db().transaction(async (tx) => {
    const scopedTx = scopedTo(tx, projectId)
    await scopedTx.execute(drizzleSql`select set_config('app.project_ids', ${`{${projectId}}`}, true)`)
    return await work(scopedTx)
  })
}

/**
 * One frozen view of a project for reads that take minutes (exports): whatever is written meanwhile, its parts agree. Takes one connection for as
 * long as it lasts; `statementSeconds` bounds each statement, and how long it may wait for a slow reader in between.
 */
export async function withSnapshot<T>(
  projectId: number,
  statementSeconds: number,
  work: (tx: ProjectTx) => Promise<T>,
): Promise<T> {
  return await db().transaction(
    async (tx) => {
      const milliseconds = String(statementSeconds * 1000)
      await tx.execute(drizzleSql`select set_config('app.project_ids', ${`{${projectId}}`}, true),
        set_config('statement_timeout', ${milliseconds}, true), set_config('idle_in_transaction_session_timeout', ${milliseconds}, true)`)
      return await work(scopedTo(tx, projectId))
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  )
}

/**
 * Stops the statement that another connection of ours is at. The role of the application may not do this to a session that its owner opened, so
 * the transaction steps back to who connected; it does nothing else.
 */
export async function cancelWork(backend: number): Promise<void> {
  await db().transaction(async (tx) => {
    await tx.execute(drizzleSql`select set_config('role', 'none', true)`)
    await tx.execute(drizzleSql`select pg_cancel_backend(${backend}::int)`)
  })
}

export { drizzleSql as sql }
