import { readFile } from "node:fs/promises"
import path from "node:path"
import type postgres from "postgres"
import { pool } from "@/db/client"
import { seeAllProjects } from "@/db/see"
import { parseMoney } from "@/lib/money"
import { RATE_NAMES, type RateName } from "@/lib/price-lines"
import { SERVICE_TIERS, type ServiceTier } from "@/lib/vocabulary"
import { type Discount, PriceBook, type PriceRow, parseRate } from "./price"

/** A price as `db/price-book.json` and callers give it: rates per token or piece as decimal strings, null or absent = the source names none. */
export type ListPrice = {
  provider: string
  model: string
  /** Absent: for prompts of any length, of the standard tier. */
  prompt_above?: number
  service_tier?: ServiceTier
  valid_from: string
  input: string
  output: string
  source: string
  source_date: string
} & { [Name in Exclude<RateName, "input" | "output">]?: string | null }

const RATES = RATE_NAMES.map((name) => `${name} numeric`).join(", ")
const ROW = `r.provider, r.model, coalesce(r.prompt_above, 0) as prompt_above, coalesce(r.service_tier, 'standard') as service_tier, r.valid_from,
  ${RATE_NAMES.map((name) => `r.${name}`).join(", ")}, r.source, r.source_date`
const list = (alias: string) => RATE_NAMES.map((name) => `${alias}.${name}`).join(", ")
/** Rows that the table does not hold yet: of one date the last one holds, so that only what differs from it is new. */
const APPEND = `
  with r as materialized (select ${ROW} from jsonb_to_recordset($3::text::jsonb) as r(provider text, model text, prompt_above int, service_tier text,
    valid_from timestamptz, ${RATES}, source text, source_date text)),
  last as (select distinct on (p.provider, p.model, p.valid_from, p.prompt_above, p.service_tier) p.* from prices p
    where p.project_id is not distinct from $1::int and p.provider in (select provider from r)
    order by p.provider, p.model, p.valid_from, p.prompt_above, p.service_tier, p.id desc)
  insert into prices (project_id, created_by, provider, model, prompt_above, service_tier, valid_from, ${RATE_NAMES.join(", ")}, source, source_date)
  select $1::int, $2::text, r.* from r left join last p on p.provider = r.provider and p.model = r.model and p.valid_from = r.valid_from
    and p.prompt_above = r.prompt_above and p.service_tier = r.service_tier
  where p.id is null or (${list("p")}) is distinct from (${list("r")})
  order by r.provider, r.model, r.prompt_above returning id`

async function readPriceBook(): Promise<ListPrice[]> {
  return JSON.parse(await readFile(path.join(process.cwd(), "db", "price-book.json"), "utf8")) as ListPrice[]
}

/** Brings the shipped list prices in: rows that the table does not hold yet, never a change of one. Safe to run at every start, by several instances. */
export async function loadPriceBook(owner: postgres.Sql): Promise<{ added: number }> {
  return { added: await addPrices(owner, null, await readPriceBook()) }
}

/** Appends price rows that are not there yet. @returns how many were new. */
export async function addPrices(
  sql: postgres.Sql | postgres.TransactionSql,
  projectId: number | null,
  rows: readonly ListPrice[],
  createdBy: string | null = null,
): Promise<number> {
  for (const row of rows)
    for (const name of RATE_NAMES) if (row[name] !== null && row[name] !== undefined) parseMoney(row[name])
  const inserted = await sql.unsafe(APPEND, [projectId, createdBy, JSON.stringify(rows)])
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
    await seeAllProjects(tx)
    // Counted too: a lower number may commit after a higher one.
    const [latest] = await tx<
      { version: string }[]
    >`select concat_ws('.', (select concat_ws('.', max(id), count(*)) from prices),
      (select concat_ws('.', max(id), count(*)) from price_discounts),
      (select string_agg(id::text, '.' order by id) from projects where currency <> 'USD')) as version`
    const version = latest?.version ?? ""
    if (cached && cached.book.version === version) {
      holder.andonPriceBook = { book: cached.book, checkedAt: Date.now() }
      return cached.book
    }
    const rows = await tx.unsafe<Record<string, string | number | null>[]>(
      `select id, project_id, provider, model, (extract(epoch from valid_from) * 1000)::float8 as valid_from, prompt_above,
       service_tier, ${RATE_NAMES.map((name) => `${name}::text`).join(", ")} from prices where currency = 'USD'`,
    )
    const discounts = await tx<Discount[]>`select id, project_id as "projectId", provider,
      (extract(epoch from valid_from) * 1000)::float8 as "validFrom", trim_scale(percent)::text as percent from price_discounts`
    const foreign = await tx<{ id: number }[]>`select id from projects where currency <> 'USD'`
    const book = new PriceBook(rows.map(toPriceRow), version, [...discounts], new Set(foreign.map(({ id }) => id)))
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
    serviceTier: SERVICE_TIERS.find((tier) => tier === row.service_tier) ?? "standard",
    rates: Object.fromEntries(
      RATE_NAMES.map((name) => [name, parseRate(row[name] as string | null)]),
    ) as PriceRow["rates"],
  }
}
