import { type ProjectTx, sql } from "@/db/client"
import type { Search } from "@/lib/contracts/search"
import { DIMENSIONS, HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"
import { iso } from "./range"
import { type Row, readText, readTextOrNull, readWord, readWordOrNull, selectRows } from "./rows"

const SHOWN_RUNS = 8
const SHOWN_NAMES = 5
/** A short beginning fits more runs than can be sorted: the newest of all runs are looked through for it, and the first ids that begin so. */
const NEWEST_LOOKED_AT = 2000
const FIRST_LOOKED_AT = 500

/**
 * What a few letters may mean: runs by the beginning of their id, and names of workflows, models and the other dimensions that hold the text,
 * whatever its case. Empty text finds nothing.
 * @returns at most 8 runs, newest first (of the newest 2,000 runs and the first 500 ids of that beginning), and 5 names a dimension: the name itself, names that begin so,
 *   names that hold it.
 * Source: the key of `runs`, and `dimension_names` (at most 10,000 names a dimension). No spans, no roll-ups.
 */
export async function search(tx: ProjectTx, text: string): Promise<Search> {
  const q = text.trim()
  if (q === "") return { q, runs: [], names: [] }
  const runs = await selectRows(
    tx,
    sql`with found as (
          (select r.id from runs r where r.project_id = ${tx.projectId} and r.id ^@ ${q}::text limit ${FIRST_LOOKED_AT})
          union
          (select n.id from (select r.id from runs r where r.project_id = ${tx.projectId}
                             order by r.started_at desc, r.id desc limit ${NEWEST_LOOKED_AT}) n where n.id ^@ ${q}::text)
        )
        select r.id, r.workflow, r.status, r.proof, r.hold, ${iso(sql`r.started_at`)} as started_at
        from runs r join found f on f.id = r.id where r.project_id = ${tx.projectId}
        order by r.started_at desc, r.id desc limit ${SHOWN_RUNS}`,
  )
  const names = await selectRows(
    tx,
    // A look-up a dimension, each keeping its best five: ranking all names at once would sort every one that fits.
    sql`select w.dimension, n.name from unnest(${ORDER}::text[]) with ordinality w (dimension, place)
        cross join lateral (
          select d.name,
            case when lower(d.name) = lower(${q}::text) then 0 when lower(d.name) ^@ lower(${q}::text) then 1 else 2 end as rank
          from dimension_names d
          where d.project_id = ${tx.projectId} and d.dimension = w.dimension and position(lower(${q}::text) in lower(d.name)) > 0
          order by rank, length(d.name), d.name limit ${SHOWN_NAMES}
        ) n order by w.place, n.rank, length(n.name), n.name`,
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
