import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type postgres from "postgres"
import type { Options } from "@/db/client"
import { withOwner } from "@/db/owner"

/**
 * What the database can do at best with the same rows: COPY into a temporary table and from there into the same indexed, row-secured tables, under the
 * same role (COPY straight into a row-secured table is refused by PostgreSQL), one connection, transactions of 5,000 events.
 */
export const COPIED_TABLES = ["event_keys", "events", "spans", "runs", "spend_rollup", "health_rollup"] as const
const EVENTS_PER_TRANSACTION = 5_000

type Chunk = { table: (typeof COPIED_TABLES)[number]; text: string }[]

/**
 * A connection a table: postgres.js leaves one paused when the reader of its COPY was ever slower than the server.
 * Reads up to `limit` events of a project with everything they led to, as COPY text under another project's id.
 */
export async function takeRows(
  database: Options,
  from: number,
  to: number,
  limit: number,
): Promise<{ chunks: Chunk[]; events: number }> {
  const lines = new Map<string, string[]>()
  for (const table of COPIED_TABLES)
    await withOwner(database, async (owner) => {
      const columns = await owner<{ name: string }[]>`
      select column_name as name from information_schema.columns where table_schema = 'public' and table_name = ${table} order by ordinal_position`
      const list = columns.map(({ name }) => (name === "project_id" ? `${to} as project_id` : `"${name}"`)).join(", ")
      const readable = await owner
        .unsafe(`copy (select ${list} from ${table} where project_id = ${from} limit ${limit}) to stdout`)
        .readable()
      let text = ""
      for await (const part of readable) text += part
      lines.set(
        table,
        text.split("\n").filter((line) => line !== ""),
      )
    })
  const events = (lines.get("events") as string[]).length
  const count = Math.max(1, Math.ceil(events / EVENTS_PER_TRANSACTION))
  const chunks: Chunk[] = Array.from({ length: count }, (_, i) =>
    COPIED_TABLES.map((table) => {
      const all = lines.get(table) as string[]
      const size = Math.ceil(all.length / count)
      const part = all.slice(i * size, (i + 1) * size)
      return { table, text: part.length === 0 ? "" : `${part.join("\n")}\n` }
    }),
  )
  return { chunks, events }
}

/** @returns events per second. */
export async function copyRows(
  app: postgres.Sql,
  projectId: number,
  rows: { chunks: Chunk[]; events: number },
): Promise<number> {
  const startedAt = performance.now()
  for (const chunk of rows.chunks) {
    await app.begin(async (tx) => {
      await tx.unsafe(`select set_config('app.project_ids', '{${projectId}}', true)`)
      for (const { table, text } of chunk) {
        if (text === "") continue
        await tx.unsafe(`create temp table if not exists stage_${table} (like ${table}) on commit delete rows`)
        const writable = await tx.unsafe(`copy stage_${table} from stdin`).writable()
        await pipeline(Readable.from([text]), writable)
        await tx.unsafe(`insert into ${table} select * from stage_${table}`)
      }
    })
  }
  return rows.events / ((performance.now() - startedAt) / 1000)
}
