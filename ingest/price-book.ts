import { readFile } from "node:fs/promises"
import path from "node:path"
import type postgres from "postgres"
import { pool } from "@/db/client"
import { parseMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { PriceBook, type PriceRow, parseRate } from "./price"

/** A list price as `db/price-book.json` and callers give it: rates per token as decimal strings, null = the source names none. */
export type ListPrice = {
  provider: string
  model: string
  prompt_above: number
  valid_from: string
  input: string
  cache_read: string | null
  cache_write: string | null
  output: string
  reasoning: string | null
  audio_input: string | null
  audio_output: string | null
  source: string
  source_date: string
}

const PRICE_COLUMNS = [
  "provider",
  "model",
  "prompt_above",
  "valid_from",
  ...TOKEN_BUCKETS,
  "source",
  "source_date",
] as const

/** Brings the shipped list prices in: rows that the table does not hold yet, never a change of one. Safe to run at every start, by several instances. */
export async function loadPriceBook(owner: postgres.Sql): Promise<{ added: number }> {
  const file = path.join(process.cwd(), "db", "price-book.json")
  const rows = JSON.parse(await readFile(file, "utf8")) as ListPrice[]
  const added = await addPrices(owner, null, rows)
  return { added }
}

/** Appends price rows that are not there yet. @returns how many were new. */
export async function addPrices(
  sql: postgres.Sql | postgres.TransactionSql,
  projectId: number | null,
  rows: readonly ListPrice[],
  createdBy: string | null = null,
): Promise<number> {
  for (const row of rows) for (const bucket of TOKEN_BUCKETS) if (row[bucket] !== null) parseMoney(row[bucket])
  const inserted = await sql.unsafe(
    `insert into prices (project_id, created_by, ${PRICE_COLUMNS.join(", ")})
     select $1::int, $2::text, ${PRICE_COLUMNS.map((n) => `r.${n}`).join(", ")}
     from jsonb_to_recordset($3::text::jsonb) as r(provider text, model text, prompt_above int, valid_from timestamptz,
       ${TOKEN_BUCKETS.map((b) => `${b} numeric`).join(", ")}, source text, source_date text)
     where not exists (select from prices p where p.project_id is not distinct from $1::int and p.provider = r.provider and p.model = r.model
       and p.prompt_above = r.prompt_above and p.valid_from = r.valid_from
       and (${TOKEN_BUCKETS.map((b) => `p.${b}`).join(", ")}) is not distinct from (${TOKEN_BUCKETS.map((b) => `r.${b}`).join(", ")}))
     returning id`,
    [projectId, createdBy, JSON.stringify(rows)],
  )
  invalidateBook()
  return inserted.length
}

type Cached = { book: PriceBook; checkedAt: number }
const holder = globalThis as typeof globalThis & { andonPriceBook?: Cached | undefined }

/** Another instance's new prices are seen after this long. */
const RECHECK_MS = 5_000

export function invalidateBook(): void {
  holder.andonPriceBook = undefined
}

/** The price book of this moment; re-read only when the table has grown. */
export async function currentBook(): Promise<PriceBook> {
  const cached = holder.andonPriceBook
  if (cached && Date.now() - cached.checkedAt < RECHECK_MS) return cached.book
  return await pool("ingest").begin(async (tx) => {
    // Prices of every project, for a writer that serves them all.
    await tx`select set_config('app.project_ids', (select coalesce(array_agg(id), '{}')::text from projects), true)`
    const [latest] = await tx<{ version: number }[]>`select coalesce(max(id), 0)::int as version from prices`
    const version = latest?.version ?? 0
    if (cached && cached.book.version === version) {
      holder.andonPriceBook = { book: cached.book, checkedAt: Date.now() }
      return cached.book
    }
    const rows = await tx.unsafe<Record<string, string | number | null>[]>(
      `select id, project_id, provider, model, (extract(epoch from valid_from) * 1000)::float8 as valid_from, prompt_above,
       ${TOKEN_BUCKETS.map((b) => `${b}::text`).join(", ")} from prices where currency = 'USD'`,
    )
    const book = new PriceBook(rows.map(toPriceRow), version)
    holder.andonPriceBook = { book, checkedAt: Date.now() }
    return book
  })
}

function toPriceRow(row: Record<string, string | number | null>): PriceRow {
  return {
    id: row.id as number,
    projectId: row.project_id as number | null,
    provider: row.provider as string,
    model: row.model as string,
    validFrom: row.valid_from as number,
    promptAbove: row.prompt_above as number,
    rates: Object.fromEntries(
      TOKEN_BUCKETS.map((bucket) => [bucket, parseRate(row[bucket] as string | null)]),
    ) as PriceRow["rates"],
  }
}
