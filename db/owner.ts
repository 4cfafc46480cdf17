import postgres from "postgres"
import type { Options } from "./client"

/** One connection of the owner of the tables, which row-level security does not bind, for as long as `work` takes. */
export async function withOwner<T>(owner: Options, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres({ ...owner, max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}
