import type postgres from "postgres"
import { dayLevelStatements, sumRollups } from "@/ingest/rebuild"
import { DAY_MS } from "@/lib/time"

/**
 * Ninety days of history by SQL: the spans and runs that one day sent through the real ingest left behind are cloned from day to day, with new ids and
 * shifted times, and as many event keys; roll-ups are summed at the end, so that the audit of totals finds nothing. Sending ten million spans over
 * HTTP would take the bench most of an hour. Event bodies are not cloned: no timed call reads them.
 */
export type Template = { projectId: number; runs: number; day: number }

const SHIFTED = new Set([
  "started_at",
  "ended_at",
  "last_event_at",
  "first_span_at",
  "last_span_at",
  "first_received_at",
  "last_received_at",
  "received_at",
])
const TABLES = ["runs", "spans"] as const
/** Days that are written at one time. */
const WRITERS = 2
export const DAYS = 90
/** Of a run of the workload. */
export const SPANS_PER_RUN = 18

/** Takes the project from `from` to `to` spans, both spread evenly over the days before today. @param owner a pool of at least WRITERS connections. */
export async function fill(
  owner: postgres.Sql,
  options: {
    template: Template
    projectId: number
    from: number
    to: number
    /** With a verification for each run, one in 25 failed: what only pages read. */
    withVerdicts?: boolean
    onProgress: (done: number, total: number) => void
  },
): Promise<void> {
  const { template, projectId, onProgress } = options
  const perDay = (spans: number) => Math.round(spans / SPANS_PER_RUN / DAYS)
  const range = [perDay(options.from), perDay(options.to)]
  if ((range[1] as number) > template.runs)
    throw new Error(`the template has ${template.runs} runs a day, ${range[1]} are wanted`)
  await mapDimensions(owner, template.projectId, projectId)
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const days = Array.from({ length: DAYS }, (_, i) => today - (DAYS - i) * DAY_MS)
  for (const day of days)
    for (const parent of ["events", "spans"]) await owner`select ensure_partition(${parent}, ${dateOf(day)}::date)`
  let done = 0
  const next = async () => {
    for (let day = days.shift(); day !== undefined; day = days.shift()) {
      await cloneDay(owner, template, projectId, day, range as [number, number], options.withVerdicts ?? false)
      onProgress(++done, DAYS)
    }
  }
  await Promise.all(Array.from({ length: WRITERS }, next))
  await owner.begin(async (tx) => {
    await tx.unsafe("set local statement_timeout = 0; set local work_mem = '256MB'")
    await sumRollups(tx, projectId, "2000-01-01T00:00:00Z")
    for (const text of dayLevelStatements(projectId)) await tx.unsafe(text)
  })
  // The ingest writes them as time goes by, so that those of a day lie together; summing up at once leaves them in the order of a hash table.
  for (const table of ["spend_rollup", "health_rollup", "verification_rollup"])
    await owner.unsafe(`cluster ${table} using ${await primaryKeyOf(owner, table)}`)
  // Ninety days of it would have been vacuumed as they came; left to autovacuum it would happen while pages and senders are timed.
  await owner.unsafe("vacuum analyze")
}

async function primaryKeyOf(owner: postgres.Sql, table: string): Promise<string> {
  const [index] = await owner<
    { name: string }[]
  >`select quote_ident(relname) as name from pg_index i join pg_class c on c.oid = i.indexrelid
    where indisprimary and indrelid = ${table}::regclass`
  return index?.name as string
}

async function cloneDay(
  owner: postgres.Sql,
  template: Template,
  projectId: number,
  day: number,
  [first, last]: [number, number],
  withVerdicts: boolean,
): Promise<void> {
  const suffix = dateOf(day).slice(5).replace("-", "")
  const shift = `interval '${(day - template.day) / DAY_MS} days'`
  await owner.begin(async (tx) => {
    await tx.unsafe("set local statement_timeout = 0; set local synchronous_commit = off")
    await tx.unsafe(`create temp table picked on commit drop as select id from
      (select id, row_number() over (order by id) as place from runs where project_id = ${template.projectId}) as r where place > ${first} and place <= ${last}`)
    for (const table of TABLES) {
      const names = (
        await tx<{ name: string }[]>`select column_name as name from information_schema.columns
        where table_schema = 'public' and table_name = ${table} order by ordinal_position`
      ).map((row) => row.name)
      const values = names.map((name) => {
        if (name === "project_id") return String(projectId)
        if (name === "dimension_set_id") return "d.new_id"
        if (name === "run_id" || name === "id") return `t.${name} || '~${suffix}'`
        return SHIFTED.has(name) ? `t.${name} + ${shift}` : `t.${name}`
      })
      const run = table === "runs" ? "t.id" : "t.run_id"
      await tx.unsafe(`insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from ${table} t join picked p on p.id = ${run}
        join bench_dimensions d on d.old_id = t.dimension_set_id where t.project_id = ${template.projectId}`)
    }
    if (withVerdicts)
      await tx.unsafe(`insert into verifications (project_id, id, run_id, at, check_name, outcome, evidence, verifier_name, dimension_set_id, received_at)
        select ${projectId}, 'v' || t.id || '~${suffix}', t.id || '~${suffix}', t.last_event_at + ${shift}, (array['totals_match', 'schema_valid', 'citations'])[1 + h % 3],
          case when h / 3 % 25 = 0 then 'failed' else 'passed' end, case when h / 3 % 25 = 0 then 'sum of lines is ' || h || ', total says otherwise' end, 'bench.sh', d.new_id,
          t.last_event_at + ${shift}
        from (select t.*, abs(hashtext(t.id || '${suffix}')) as h from runs t where t.project_id = ${template.projectId}) t join picked p on p.id = t.id
        join bench_dimensions d on d.old_id = t.dimension_set_id`)
    await tx.unsafe(
      `insert into event_keys select ${projectId}, md5(t.id || '~${suffix}')::uuid, md5(t.id)::uuid from events t join picked p on p.id = t.run_id where t.project_id = ${template.projectId}`,
    )
  })
}

const dateOf = (day: number): string => new Date(day).toISOString().slice(0, 10)

async function mapDimensions(owner: postgres.Sql, from: number, to: number): Promise<void> {
  const names = "provider, model, workflow, step, environment, release, team, customer, key_id"
  await owner.unsafe(
    `insert into dimension_sets (project_id, digest, ${names}) select ${to}, digest, ${names} from dimension_sets where project_id = ${from} on conflict do nothing`,
  )
  await owner.unsafe("drop table if exists bench_dimensions")
  await owner.unsafe(
    `create table bench_dimensions as select a.id as old_id, b.id as new_id from dimension_sets a join dimension_sets b on a.digest = b.digest and b.project_id = ${to} where a.project_id = ${from}`,
  )
}
