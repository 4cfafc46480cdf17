import { type ProjectTx, sql } from "@/db/client"
import type { PriceList, PriceRow, UnpricedModels } from "@/lib/contracts/settings"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { PIECE_RATES } from "@/lib/price-lines"
import { toIso } from "@/lib/time"
import { TOKEN_BUCKETS, TOKEN_PART_NAMES } from "@/lib/vocabulary"
import { all, rollupRows } from "./conditions"
import { decodeCursor, listLimit, page } from "./cursor"
import { iso, resolveRange } from "./range"
import {
  type Row,
  readBoolean,
  readCount,
  readMoney,
  readMoneyOrNull,
  readText,
  readTextOrNull,
  selectRows,
} from "./rows"

const UNPRICED = 200
const PER_TOKEN = [...TOKEN_BUCKETS, ...TOKEN_PART_NAMES]
const perPiece = (name: string) => sql`trim_scale(${sql.identifier(name)})::text as ${sql.identifier(name)}`
/** Rates are kept per token and read per million. */
const perMillion = (name: string) => sql`trim_scale(${sql.identifier(name)} * 1000000)::text as ${sql.identifier(name)}`

/**
 * The price book in force at `now`, as ingest would use it: the project's own row before the list price, the newest before the older, a correction
 * before what it corrects; every tier of it. Own rows first, then by provider and model.
 * @param filters `q`: a part of the provider's or model's name, taken literally; `cursor`, `limit`.
 * @throws AppError `invalid_filter`.
 */
export async function listPrices(tx: ProjectTx, filters: Filters, now: number): Promise<PriceList> {
  const limit = listLimit(filters.limit)
  const cursor = decodeCursor(filters.cursor, 5)
  const [own = "", provider = "", model = "", tier = "", above = ""] = cursor?.ids ?? []
  if (cursor && !(/^[01]$/.test(own) && /^\d{1,9}$/.test(above)))
    throw new AppError("invalid_filter", "cursor is not one that a list gave.", { field: "cursor" })
  const at = sql`${toIso(now)}::timestamptz`
  const wanted = [sql`place = 1 and newest = 1`]
  if (cursor)
    wanted.push(
      sql`(list_place, provider collate "C", model collate "C", service_tier <> 'standard', service_tier collate "C", prompt_above)
        > (${own}::int, ${provider}, ${model}, ${tier}::text <> 'standard', ${tier}, ${above}::int)`,
    )
  if (filters.q !== null) wanted.push(sql`position(lower(${filters.q}) in lower(provider || ' / ' || model)) > 0`)
  const rows = await selectRows(
    tx,
    sql`
    with known as (
      select p.*, (p.project_id is null)::int as list_place from prices p where p.project_id is null or p.project_id = ${tx.projectId}
    ),
    valid as (
      select *, rank() over (partition by provider, model order by list_place, valid_from desc) as place,
        row_number() over (partition by provider, model, service_tier, prompt_above, list_place, valid_from order by id desc) as newest
      from known where valid_from <= ${at}
    )
    select id, provider, model, service_tier, prompt_above, currency, ${iso(sql`valid_from`)} as valid_from, source, source_date, list_place = 0 as is_own,
      (select ${iso(sql`min(k.valid_from)`)} from known k where k.provider = v.provider and k.model = v.model and k.valid_from > ${at}
        and k.list_place <= v.list_place) as next_valid_from,
      ${sql.join([...PER_TOKEN.map(perMillion), ...PIECE_RATES.map(perPiece)], sql`, `)}
    from valid v where ${all(wanted)}
    order by list_place, provider collate "C", model collate "C", service_tier <> 'standard', service_tier collate "C", prompt_above limit ${limit + 1}`,
  )
  const found = page(rows.map(toPrice), limit, (row) => ({
    at: row.valid_from,
    ids: [row.is_own ? "0" : "1", row.provider, row.model, row.service_tier, String(row.prompt_above)],
  }))
  return { ...found, count: null }
}

function toPrice(row: Row): PriceRow {
  return {
    id: readCount(row, "id"),
    provider: readText(row, "provider"),
    model: readText(row, "model"),
    prompt_above: readCount(row, "prompt_above"),
    service_tier: readText(row, "service_tier"),
    currency: readText(row, "currency"),
    rates: {
      input: readMoney(row, "input"),
      cache_read: readMoneyOrNull(row, "cache_read"),
      cache_write: readMoneyOrNull(row, "cache_write"),
      output: readMoney(row, "output"),
      reasoning: readMoneyOrNull(row, "reasoning"),
      audio_input: readMoneyOrNull(row, "audio_input"),
      audio_output: readMoneyOrNull(row, "audio_output"),
      cache_write_1h: readMoneyOrNull(row, "cache_write_1h"),
      image_input: readMoneyOrNull(row, "image_input"),
      image_output: readMoneyOrNull(row, "image_output"),
    },
    pieces: {
      image: readMoneyOrNull(row, "image"),
      search: readMoneyOrNull(row, "search"),
      request: readMoneyOrNull(row, "request"),
    },
    valid_from: readText(row, "valid_from"),
    next_valid_from: readTextOrNull(row, "next_valid_from"),
    source: readText(row, "source"),
    source_date: readText(row, "source_date"),
    is_own: readBoolean(row, "is_own"),
  }
}

/**
 * Models that were called without a price in the range, the most frequent first, at most 200.
 * Source: spend_rollup, so that first and last are days; tokens of sums that also hold priced calls are left out, and that is said.
 */
export async function listUnpriced(tx: ProjectTx, filters: Filters, now: number): Promise<UnpricedModels> {
  const range = await resolveRange(tx, filters, now)
  const tokens = sql.join(
    TOKEN_BUCKETS.map((bucket) => sql`r.${sql.identifier(bucket)}`),
    sql` + `,
  )
  const rows = await selectRows(
    tx,
    sql`
    with found as (
      select d.provider, d.model, sum(r.unpriced_calls) as calls, coalesce(sum(${tokens}) filter (where r.calls = r.unpriced_calls), 0) as tokens,
        bool_or(r.calls > r.unpriced_calls) as is_partial, min(r.bucket) as first_day, max(r.bucket) as last_day
      from (${rollupRows(tx, "spend_rollup", range.days, [sql`r.unpriced_calls > 0`])}) r
      join dimension_sets d on d.project_id = ${tx.projectId} and d.id = r.dimension_set_id group by 1, 2
    )
    select provider, model, calls::text, tokens::text, is_partial, ${iso(sql`first_day`)} as first_day, ${iso(sql`last_day`)} as last_day,
      (count(*) over ())::text as count, (sum(calls) over ())::text as all_calls
    from found order by found.calls desc, provider collate "C" nulls first, model collate "C" nulls first limit ${UNPRICED}`,
  )
  return {
    items: rows.map((row) => ({
      provider: readTextOrNull(row, "provider"),
      model: readTextOrNull(row, "model"),
      calls: readCount(row, "calls"),
      tokens: readCount(row, "tokens"),
      is_tokens_partial: readBoolean(row, "is_partial"),
      first_day: readText(row, "first_day"),
      last_day: readText(row, "last_day"),
    })),
    count: rows[0] ? readCount(rows[0], "count") : 0,
    calls: rows[0] ? readCount(rows[0], "all_calls") : 0,
  }
}
