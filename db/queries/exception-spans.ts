import { type ProjectTx, sql } from "@/db/client"
import { SPAN_KINDS, type SpanKind } from "@/lib/vocabulary"
import { textArray } from "./conditions"
import { type Row, readText, readTextOrNull, readWord, selectRows } from "./rows"

/** A span under its own id, or the step that an event with this id began, ended or failed. */
export const tellsOf = (id: ReturnType<typeof sql>) =>
  sql`(s.span_id = ${id} or s.kind = 'step' and s.boundaries @> jsonb_build_array(jsonb_build_object('id', ${id})))`

/** By run: what started last, and the span that shows why it stopped. */
export type LastSpans = Map<string, { last: { span_id: string; kind: SpanKind; name: string }; evidence: string }>

type Bounded = { run: string; step: string; named: string; from: string; to: string }

/**
 * What ran last in each run, work before the step or agent that holds it, and the span that shows why: the one that was named, else the latest of
 * the step that it is about. A run in a list twice has the evidence of its last row.
 * @param rows with `run_id`, `halt_step`, `evidence`, `first_span_at` and `last_span_at`; the bounds keep each look-up to its run's own days.
 */
export async function lastSpans(tx: ProjectTx, rows: readonly Row[]): Promise<LastSpans> {
  const runs = new Map<string, Bounded>()
  for (const row of rows) {
    const [from, to] = [readTextOrNull(row, "first_span_at"), readTextOrNull(row, "last_span_at")]
    if (row.run_id === null || from === null || to === null) continue
    const run = readText(row, "run_id")
    const named = readTextOrNull(row, "evidence") ?? ""
    runs.set(run, { run, step: readTextOrNull(row, "halt_step") ?? "", named, from, to })
  }
  if (runs.size === 0) return new Map()
  const bounded = [...runs.values()]
  const column = (name: keyof Bounded) => textArray(bounded.map((run) => run[name]))
  const first = bounded.reduce((least, { from }) => (from < least ? from : least), bounded[0]?.from ?? "")
  const latest = bounded.reduce((most, { to }) => (to > most ? to : most), "")
  // The outer bounds are constants to the planner and leave whole days out of its plan; the inner ones leave the others out of each look-up.
  const own = sql`s.project_id = ${tx.projectId} and s.run_id = k.run_id and s.started_at >= k.lower::timestamptz and s.started_at <= k.upper::timestamptz
    and s.started_at >= ${first}::timestamptz and s.started_at <= ${latest}::timestamptz`
  const found = await selectRows(
    tx,
    sql`select k.run_id, l.span_id, l.kind, l.name, coalesce(n.span_id, v.span_id) as evidence
        from unnest(${column("run")}, ${column("step")}, ${column("named")}, ${column("from")}, ${column("to")})
          as k(run_id, step, named, lower, upper)
        cross join lateral (select s.span_id, s.kind, s.name from spans s where ${own}
          order by s.started_at desc, s.kind in ('step', 'agent'), s.span_id desc limit 1) l
        left join lateral (select s.span_id from spans s where ${own} and s.kind = 'step' and coalesce(s.step, s.name) = k.step
          order by s.started_at desc, s.span_id desc limit 1) v on true
        left join lateral (select s.span_id from spans s where k.named <> '' and ${own} and ${tellsOf(sql`k.named`)} limit 1) n on true`,
  )
  return new Map(
    found.map((row) => {
      const last = {
        span_id: readText(row, "span_id"),
        kind: readWord(row, "kind", SPAN_KINDS),
        name: readText(row, "name"),
      }
      return [readText(row, "run_id"), { last, evidence: readTextOrNull(row, "evidence") ?? last.span_id }]
    }),
  )
}
