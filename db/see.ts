import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"

/** Lets a transaction of the driver's see the rows of these projects from here on, and of no other. */
export async function seeProjects(tx: TransactionSql, ids: readonly number[]): Promise<void> {
  await tx`select set_config('app.project_ids', ${arrayLiteral(ids)}, true)`
}

/** Lets it see every project: for what happens by itself, never for what somebody asked for. */
export async function seeAllProjects(tx: TransactionSql): Promise<void> {
  await tx`select set_config('app.project_ids', (select coalesce(array_agg(id), '{}')::text from projects), true)`
}
