import { sql } from "drizzle-orm"
import type { PostgresJsDatabase } from "drizzle-orm/postgres-js"
import { db, type ProjectTx } from "@/db/client"

/**
 * Transactions that row-level security narrows to something other than one project: what access control must look up before a project
 * is known. None of them sees a row of the ledger.
 */
export type Tx = PostgresJsDatabase

/** No project at all: users, sessions, projects' names, installation-wide audit rows. */
export async function withInstallation<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return await db().transaction((tx) => work(tx as unknown as Tx))
}

/** Sees one person's own memberships. */
export async function withUser<T>(userId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return await withInstallation(async (tx) => {
    await tx.execute(sql`select set_config('app.user_id', ${userId}, true)`)
    return await work(tx)
  })
}

/** Sees the one ingest key that a caller names. */
export async function withNamedKey<T>(publicId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return await withInstallation(async (tx) => {
    await tx.execute(sql`select set_config('app.key_public_id', ${publicId}, true)`)
    return await work(tx)
  })
}

/** Lets a running transaction see one project from here on: for work that begins before the project exists. */
export async function enterProject(tx: Tx, projectId: number): Promise<ProjectTx> {
  await tx.execute(sql`select set_config('app.project_ids', ${`{${projectId}}`}, true)`)
  return Object.assign(tx, { projectId }) as unknown as ProjectTx
}

/** Holds an installation-wide lock of this name until the transaction ends; others wait for it. */
export async function lockInstallation(tx: Tx, name: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`andon.${name}`}))`)
}
