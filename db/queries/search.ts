import { type ProjectTx, sql } from "@/db/client"
import type { Search } from "@/lib/contracts/search"
import { DIMENSIONS, HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"
import { iso } from "./range"
import { type Row, readText, readTextOrNull, readWord, readWordOrNull, selectRows } from "./rows"

const SHOWN_RUNS = 8
const SHOWN_NAMES = 5
/** Of the runs whose id begins so, this many are looked at for the newest: a beginning that fits all of them fits nobody's question. */
const LOOKED_AT = 500

/**
 * What a few letters may mean: runs by the beginning of their id, and names of workflows, models and the other dimensions that hold the text,
 * whatever its case. Empty text finds nothing.
 * @returns at most 8 runs, newest first among the first 500 of that beginning, and 5 names a dimension: the name itself, names that begin so,
 *   names that hold it.
 * Source: the key of `runs`, and `dimension_names` (at most 10,000 names a dimension). No spans, no roll-ups.
 */
export async function search(tx: ProjectTx, text: string): Promise<Search> {
  const q = text.trim()
  if (q === "") return { q, runs: [], names: [] }
  const runs = await selectRows(
    tx,
    sql`select f.id, f.workflow, f.status, f.proof, f.hold, ${iso(sql`f.started_at`)} as started_at
        from (select r.id, r.workflow, r.status, r.proof, r.hold, r.started_at from runs r
              where r.project_id = ${tx.projectId} and r.id ^@ ${q}::text limit ${LOOKED_AT}) f
        order by f.started_at desc, f.id desc limit ${SHOWN_RUNS}`,
  )
  const names = await selectRows(
    tx,
    sql`select n.dimension, n.name from (
          select d.dimension, d.name, row_number() over (
            partition by d.dimension
            order by (lower(d.name) = lower(${q}::text)) desc, (lower(d.name) ^@ lower(${q}::text)) desc, length(d.name), d.name
          ) as place
          from dimension_names d
          where d.project_id = ${tx.projectId} and position(lower(${q}::text) in lower(d.name)) > 0
        ) n where n.place <= ${SHOWN_NAMES} order by array_position(${ORDER}::text[], n.dimension), n.place`,
  )
  return { q, runs: runs.map(toRun), names: names.map(toName) }
}

/** As a person looks for them. */
const ORDER = `{${["workflow", "model", "release", "team", "customer", "environment", "provider", "step"].join(",")}}`

const toRun = (row: Row): Search["runs"][number] => ({
  id: readText(row, "id"),
  workflow: readTextOrNull(row, "workflow"),
  status: readWord(row, "status", RUN_STATUSES),
  proof: readWord(row, "proof", PROOFS),
  hold: readWordOrNull(row, "hold", HOLDS),
  started_at: readText(row, "started_at"),
})

const toName = (row: Row): Search["names"][number] => ({
  dimension: readWord(row, "dimension", DIMENSIONS),
  name: readText(row, "name"),
})
