import { type ProjectTx, sql } from "@/db/client"
import type { Baseline } from "@/lib/contracts/trace"
import { iso } from "./range"
import { readArray, readText, readTextOrNull, selectRows } from "./rows"
import { getPlan } from "./run-plan"
import { RUN_COLUMNS, toRunRow } from "./run-rows"
import { getRunBounds, runNotFound } from "./run-spans"

/** Earlier runs of the workflow that are looked at: a workflow that is never verified must not cost a walk over all of them. */
const LOOKED_AT = 1000

/**
 * The last run of the same workflow that started before this one, is verified and may be used (no hold, or released), with its plan against what
 * ran. Runs of one instant are ordered by id.
 * @throws AppError `not_found` when the run itself is not there.
 * Source: runs by the index `runs_workflow`, at most a thousand entries; then the steps and calls of the one found.
 */
export async function getBaseline(tx: ProjectTx, runId: string): Promise<Baseline> {
  const [own] = await selectRows(
    tx,
    sql`select workflow, ${iso(sql`started_at`)} as started_at from runs where project_id = ${tx.projectId} and id = ${runId}`,
  )
  if (!own) throw runNotFound()
  const workflow = readTextOrNull(own, "workflow")
  if (workflow === null) return { run: null, plan: [], looked_at: 0, is_whole: true }
  const earlier = await selectRows(
    tx,
    sql`select r.id, r.proof = 'verified' and coalesce(r.hold, 'released') = 'released' as fits
        from runs r where r.project_id = ${tx.projectId} and r.workflow = ${workflow}
          and (r.started_at, r.id) < (${readText(own, "started_at")}::timestamptz, ${runId}::text)
        order by r.started_at desc nulls last, r.id desc nulls last limit ${LOOKED_AT + 1}`,
  )
  const place = earlier.slice(0, LOOKED_AT).findIndex((row) => row.fits === true)
  const looked = {
    looked_at: place < 0 ? Math.min(earlier.length, LOOKED_AT) : place + 1,
    is_whole: earlier.length <= LOOKED_AT,
  }
  const found = earlier[place]
  if (!found) return { run: null, plan: [], ...looked }
  const id = readText(found, "id")
  const [row] = await selectRows(
    tx,
    sql`select ${RUN_COLUMNS}, r.plan from runs r where r.project_id = ${tx.projectId} and r.id = ${id}`,
  )
  if (!row) throw runNotFound()
  const run = toRunRow(row)
  const plan = await getPlan(tx, {
    id,
    plan: row.plan === null ? [] : readArray(row, "plan").map(String),
    reasons: run.proof_reasons,
    hasEnded: true,
    bounds: await getRunBounds(tx, id),
  })
  return { run, plan, ...looked }
}
