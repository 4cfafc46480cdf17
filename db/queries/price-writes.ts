import { and, asc, desc, eq, isNull } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { priceDiscounts, prices } from "@/db/schema/ledger"
import type { Discount, DiscountInput } from "@/lib/contracts/prices"
import { RATE_NAMES, type RateName } from "@/lib/price-lines"
import { toIso } from "@/lib/time"

/** A row to append: rates per token or piece, as decimal strings. */
export type NewPrice = typeof prices.$inferInsert

/** Appends price rows; `project_id` null is the list of the installation. A caller who was let in must have judged that. @returns the first id. */
export async function appendPrices(tx: ProjectTx, rows: readonly NewPrice[]): Promise<number | null> {
  let first: number | null = null
  for (let i = 0; i < rows.length; i += 500) {
    const added = await tx
      .insert(prices)
      .values(rows.slice(i, i + 500))
      .returning({ id: prices.id })
    first ??= added[0]?.id ?? null
  }
  return first
}

export type RatesInForce = {
  provider: string
  model: string
  serviceTier: string
  promptAbove: number
  rates: Record<RateName, string | null>
}

/** List prices that hold at `now`: of each model the newest dated set, of that the newest row of each tier. */
export async function listInForce(tx: ProjectTx, now: number): Promise<RatesInForce[]> {
  return await inForce(tx, now, null)
}

/** The project's own prices of a model that hold at `now`, else the list's. */
export async function ownInForce(tx: ProjectTx, provider: string, model: string, now: number): Promise<RatesInForce[]> {
  const own = await inForce(tx, now, { projectId: tx.projectId, provider, model })
  return own.length > 0 ? own : await inForce(tx, now, { projectId: null, provider, model })
}

async function inForce(
  tx: ProjectTx,
  now: number,
  only: { projectId: number | null; provider: string; model: string } | null,
): Promise<RatesInForce[]> {
  const whose = only?.projectId == null ? isNull(prices.project_id) : eq(prices.project_id, only.projectId)
  const rows = await tx
    .select()
    .from(prices)
    .where(
      and(
        whose,
        only ? and(eq(prices.provider, only.provider), eq(prices.model, only.model)) : undefined,
        sql`${prices.valid_from} <= ${toIso(now)}::timestamptz`,
      ),
    )
    .orderBy(asc(prices.provider), asc(prices.model), desc(prices.valid_from), desc(prices.id))
  const newest = new Map<string, string>()
  const found = new Map<string, RatesInForce>()
  for (const row of rows) {
    const model = JSON.stringify([row.provider, row.model])
    const from = newest.get(model) ?? row.valid_from
    newest.set(model, from)
    const key = JSON.stringify([row.provider, row.model, row.service_tier, row.prompt_above])
    if (row.valid_from !== from || found.has(key)) continue
    found.set(key, {
      provider: row.provider,
      model: row.model,
      serviceTier: row.service_tier,
      promptAbove: row.prompt_above,
      rates: Object.fromEntries(RATE_NAMES.map((name) => [name, row[name]])) as Record<RateName, string | null>,
    })
  }
  return [...found.values()]
}

export async function appendDiscount(tx: ProjectTx, input: DiscountInput, by: string): Promise<number> {
  const [row] = await tx
    .insert(priceDiscounts)
    .values({ ...input, project_id: tx.projectId, created_by: by })
    .returning({ id: priceDiscounts.id })
  return row?.id as number
}

/** Newest first, at most 200: a project has a few. */
export async function listDiscounts(tx: ProjectTx, now: number): Promise<Discount[]> {
  const rows = await tx
    .select()
    .from(priceDiscounts)
    .where(eq(priceDiscounts.project_id, tx.projectId))
    .orderBy(desc(priceDiscounts.valid_from), desc(priceDiscounts.id))
    .limit(200)
  const seen = new Set<string>()
  return rows.map((row) => {
    const provider = row.provider.toLowerCase()
    const isCurrent = Date.parse(row.valid_from) <= now && !seen.has(provider)
    if (isCurrent) seen.add(provider)
    return {
      id: row.id,
      provider: row.provider,
      percent: row.percent,
      valid_from: toIso(Date.parse(row.valid_from)),
      reason: row.reason,
      created_by: row.created_by,
      created_at: toIso(Date.parse(row.created_at)),
      is_in_force: isCurrent && Number(row.percent) > 0,
    }
  })
}
