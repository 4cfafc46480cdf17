import { type ProjectTx, sql } from "@/db/client"
import type { Gap, Source, SourceMark, SourceQuality } from "@/lib/contracts/quality"
import type { Filters } from "@/lib/filters"
import { LAG_COLUMNS } from "@/lib/lag"
import { RUN_STATUSES } from "@/lib/vocabulary"
import { iso, resolveRange } from "./range"
import { first, type Row, readCount, readText, readTextOrNull, readWord, selectRows } from "./rows"

const SOURCES_CAP = 200
const MARKS_CAP = 4_000
const GAPS_CAP = 50
const COUNTED_TO = 10_000

const LAGS = [...LAG_COLUMNS.map(([name]) => name), "lag_more"]
const SUMS = ["accepted", "duplicates", "conflicts", "rejected", "sanitized", "ignored", ...LAGS]

/**
 * How ingest went in the range, per source: counts are kept by the hour, so the range is widened to full hours and other filters do not narrow. Then
 * the runs that started in the range and whose events skip numbers, the newest first.
 * Source: source_counters, source_marks, runs.
 * @throws AppError `invalid_filter` for a range that is none.
 */
export async function getSourceQuality(tx: ProjectTx, filters: Filters, now: number): Promise<SourceQuality> {
  const range = await resolveRange(tx, filters, now)
  const bounds = await fullHours(tx, range)
  const [rows, marks] = [await counters(tx, bounds), await marksOf(tx, bounds)]
  const bySource = new Map<string, Row[]>()
  for (const mark of marks) bySource.set(keyOf(mark), [...(bySource.get(keyOf(mark)) ?? []), mark])
  return {
    range: { ...bounds, is_snapped: bounds.from !== range.from || bounds.to !== range.to || range.wire.is_snapped },
    tz: range.tz,
    sources: rows.slice(0, SOURCES_CAP).map((row) => toSource(row, bySource.get(keyOf(row)) ?? [])),
    more_sources: rows[0] ? Math.max(0, readCount(rows[0], "all_sources") - SOURCES_CAP) : 0,
    gaps: await gaps(tx, range),
  }
}

type Bounds = { from: string; to: string }

async function fullHours(tx: ProjectTx, { from, to }: Bounds): Promise<Bounds> {
  const row = first(
    await selectRows(
      tx,
      sql`select ${iso(sql`date_trunc('hour', ${from}::timestamptz, 'UTC')`)} as "from",
        ${iso(sql`date_bin('1 hour', ${to}::timestamptz + interval '1 hour' - interval '1 microsecond', '2000-01-01T00:00:00Z'::timestamptz)`)} as "to"`,
    ),
  )
  return { from: readText(row, "from"), to: readText(row, "to") }
}

const within = (tx: ProjectTx, { from, to }: Bounds) =>
  sql`project_id = ${tx.projectId} and hour >= ${from}::timestamptz and hour < ${to}::timestamptz`

async function counters(tx: ProjectTx, bounds: Bounds): Promise<Row[]> {
  const sums = sql.join(
    SUMS.map((name) => sql`sum(${sql.identifier(name)})::text as ${sql.identifier(name)}`),
    sql`, `,
  )
  return await selectRows(
    tx,
    sql`with c as (
          select key_id, format, convention, ${sums}, max(lag_max_ms)::text as lag_max_ms, ${iso(sql`max(last_at)`)} as last_at, sum(accepted) as busy
          from source_counters where ${within(tx, bounds)} group by 1, 2, 3
        )
        select c.*, k.public_id, k.name as key_name, count(*) over ()::text as all_sources
        from c left join ingest_keys k on k.project_id = ${tx.projectId} and k.id = c.key_id
        order by c.busy desc, c.key_id, c.format, c.convention limit ${SOURCES_CAP}`,
  )
}

async function marksOf(tx: ProjectTx, bounds: Bounds): Promise<Row[]> {
  return await selectRows(
    tx,
    sql`select key_id, format, convention, kind, name, sum(n)::text as n, ${iso(sql`max(last_at)`)} as last_at,
          (array_agg(run_id order by last_at desc) filter (where run_id is not null))[1] as run_id
        from source_marks where ${within(tx, bounds)} group by 1, 2, 3, 4, 5 order by sum(n) desc, name limit ${MARKS_CAP}`,
  )
}

const keyOf = (row: Row): string =>
  `${readCount(row, "key_id")} ${readText(row, "format")} ${readText(row, "convention")}`

function toSource(row: Row, marks: readonly Row[]): Source {
  const publicId = readTextOrNull(row, "public_id")
  const ofKind = (kind: string) => marks.filter((mark) => mark.kind === kind).map(toMark)
  return {
    key: publicId === null ? null : { public_id: publicId, name: readText(row, "key_name") },
    format: readText(row, "format"),
    convention: readText(row, "convention"),
    last_event_at: readTextOrNull(row, "last_at"),
    accepted: readCount(row, "accepted"),
    duplicates: readCount(row, "duplicates"),
    conflicts: readCount(row, "conflicts"),
    rejected: readCount(row, "rejected"),
    sanitized: readCount(row, "sanitized"),
    ignored: readCount(row, "ignored"),
    lag: LAGS.map((name) => readCount(row, name)),
    lag_max_ms: readCount(row, "lag_max_ms"),
    rejections: ofKind("rejected"),
    flags: ofKind("flag"),
  }
}

function toMark(row: Row): SourceMark {
  return {
    name: readText(row, "name"),
    n: readCount(row, "n"),
    last_at: readText(row, "last_at"),
    run_id: readTextOrNull(row, "run_id"),
  }
}

const HAS_GAP = sql`seq_last - seq_first + 1 > seq_count`

async function gaps(tx: ProjectTx, { from, to }: Bounds): Promise<SourceQuality["gaps"]> {
  const wanted = sql`project_id = ${tx.projectId} and ${HAS_GAP} and started_at >= ${from}::timestamptz and started_at < ${to}::timestamptz`
  const rows = await selectRows(
    tx,
    sql`select id, workflow, status, ${iso(sql`started_at`)} as started_at, seq_first::text as first_seq, seq_last::text as last_seq,
          seq_count as events, (seq_last - seq_first + 1 - seq_count)::text as missing
        from runs where ${wanted} order by started_at desc nulls last, id desc nulls last limit ${GAPS_CAP}`,
  )
  const counted = first(
    await selectRows(
      tx,
      sql`select count(*)::text as n from (select from runs where ${wanted} limit ${COUNTED_TO + 1}) as capped`,
    ),
  )
  const n = readCount(counted, "n")
  return { items: rows.map(toGap), count: { value: Math.min(n, COUNTED_TO), is_capped: n > COUNTED_TO } }
}

function toGap(row: Row): Gap {
  return {
    run_id: readText(row, "id"),
    workflow: readTextOrNull(row, "workflow"),
    status: readWord(row, "status", RUN_STATUSES),
    started_at: readText(row, "started_at"),
    first_seq: readText(row, "first_seq"),
    last_seq: readText(row, "last_seq"),
    events: readCount(row, "events"),
    missing: readText(row, "missing"),
  }
}
