import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { MatchKind } from "@/lib/contracts/runs"
import { intArray } from "./conditions"
import type { ResolvedRange } from "./range"
import { readCount, readText, selectRows } from "./rows"
import { hull, readDensity, take } from "./window"

/** Runs that a search keeps of each kind. Each function gives up to one more, the newest first. */
export const KEPT = 1000
export const TAGS_READ = 20_000
export const ERRORS_READ = 20_000
/** How much of a tag, an error or a reason is given as what was found. */
const SHOWN = 200

export type SearchInput = { text: string; range: ResolvedRange }
export type FoundRun = { run: string; text: string | null }

/** Neither `%` nor `_` nor `\` means anything: this is no pattern. */
const holds = (column: SQL, text: string): SQL => sql`position(lower(${text}::text) in lower(${column})) > 0`
const NEWEST = sql`order by r.started_at desc nulls last, r.id desc nulls last`
const started = ({ from, to }: { from: string; to: string }): SQL =>
  sql`r.started_at >= ${from}::timestamptz and r.started_at < ${to}::timestamptz`

async function read(tx: ProjectTx, statement: SQL): Promise<FoundRun[]> {
  const rows = await selectRows(tx, statement)
  return rows.map((row) => ({ run: readText(row, "id"), text: row.text === null ? null : readText(row, "text") }))
}

/** By key when few ids begin with it (the operator can use the key where the collation is bytewise), else along the list. */
export async function runsById(tx: ProjectTx, { text, range }: SearchInput): Promise<FoundRun[]> {
  const few = await read(
    tx,
    sql`select r.id, null as text from runs r where r.project_id = ${tx.projectId} and r.id ^@ ${text}::text limit ${KEPT + 1}`,
  )
  if (few.length <= KEPT) return few
  return await read(
    tx,
    sql`select r.id, null as text from runs r where r.project_id = ${tx.projectId} and ${started(range)} and (r.id || '') ^@ ${text}::text
        ${NEWEST} limit ${KEPT + 1}`,
  )
}

export type NameKind = Extract<
  MatchKind,
  "workflow" | "environment" | "release" | "team" | "customer" | "provider" | "model"
>
const RUN_KINDS = ["workflow", "environment", "release", "team", "customer"] as const
const CALL_KINDS = ["provider", "model"] as const

/** Dimension sets by the kinds whose name holds the text: those that runs are counted under, or those of calls. */
export async function setsHolding(
  tx: ProjectTx,
  { text }: SearchInput,
  of: "runs" | "calls",
): Promise<Map<number, { kind: NameKind; text: string }[]>> {
  const kinds: readonly NameKind[] = of === "runs" ? RUN_KINDS : CALL_KINDS
  const isOfRun = sql`d.provider is null and d.model is null and d.step is null and d.key_id is null`
  const rows = await selectRows(
    tx,
    sql`select d.id, ${sql.join(
      kinds.map(
        (kind) =>
          sql`case when ${holds(sql`d.${sql.identifier(kind)}`, text)} then d.${sql.identifier(kind)} end as ${sql.identifier(kind)}`,
      ),
      sql`, `,
    )} from dimension_sets d where d.project_id = ${tx.projectId} and ${of === "runs" ? isOfRun : sql`not (${isOfRun})`}
       and (${sql.join(
         kinds.map((kind) => holds(sql`d.${sql.identifier(kind)}`, text)),
         sql` or `,
       )})`,
  )
  return new Map(
    rows.map((row) => [
      readCount(row, "id"),
      kinds.flatMap((kind) => (row[kind] === null ? [] : [{ kind, text: readText(row, kind) }])),
    ]),
  )
}

/** Read where health_rollup says that the newest of them are. */
export async function runsOfSets(
  tx: ProjectTx,
  sets: readonly number[],
  { range }: SearchInput,
): Promise<{ run: string; set: number }[]> {
  if (sets.length === 0) return []
  const inSets = sql`r.dimension_set_id = any(${intArray(sets)})`
  const density = await readDensity(tx, "health_rollup", "runs", range.days, [inSets], "newest")
  const window = hull(take(density, null, KEPT + 1, "newest"), range)
  if (window === null) return []
  const rows = await selectRows(
    tx,
    sql`select r.id, r.dimension_set_id as set from runs r where r.project_id = ${tx.projectId} and ${started(window)} and ${inSets}
        ${NEWEST} limit ${KEPT + 1}`,
  )
  return rows.map((row) => ({ run: readText(row, "id"), set: readCount(row, "set") }))
}

/** `key=value` of the newest tagged runs. */
export async function runsByTag(tx: ProjectTx, { text, range }: SearchInput): Promise<FoundRun[]> {
  return await read(
    tx,
    sql`select t.id, left(e.tag, ${SHOWN}) as text from (
          select r.id, r.tags, r.started_at from runs r where r.project_id = ${tx.projectId} and ${started(range)} and r.tags is not null
          ${NEWEST} limit ${TAGS_READ}
        ) t cross join lateral (
          select key || '=' || value as tag from jsonb_each_text(t.tags) where ${holds(sql`key || '=' || value`, text)} order by 1 limit 1
        ) e order by t.started_at desc, t.id desc limit ${KEPT + 1}`,
  )
}

/** The latest error of each run, of the newest failed spans. */
export async function runsByError(tx: ProjectTx, { text, range }: SearchInput): Promise<FoundRun[]> {
  return await read(
    tx,
    sql`select f.id, f.text from (
          select distinct on (e.run_id) e.run_id as id, left(e.error, ${SHOWN}) as text, e.started_at from (
            select s.run_id, s.error, s.started_at from spans s where s.project_id = ${tx.projectId} and s.status = 'error'
              and s.started_at >= ${range.from}::timestamptz and s.started_at < ${range.to}::timestamptz
            order by s.started_at desc nulls last limit ${ERRORS_READ}
          ) e where e.run_id <> '' and ${holds(sql`e.error`, text)} order by e.run_id, e.started_at desc
        ) f order by f.started_at desc, f.id desc limit ${KEPT + 1}`,
  )
}

/** The reason or the step of a halt. */
export async function runsByHalt(tx: ProjectTx, { text, range }: SearchInput): Promise<FoundRun[]> {
  return await read(
    tx,
    sql`select r.id, left(coalesce(r.halt_reason, r.halt_step), ${SHOWN}) as text from runs r
        where r.project_id = ${tx.projectId} and ${started(range)} and r.status in ('halted', 'halting')
          and (${holds(sql`r.halt_reason`, text)} or ${holds(sql`r.halt_step`, text)}) ${NEWEST} limit ${KEPT + 1}`,
  )
}
