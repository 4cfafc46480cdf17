import { type ProjectTx, sql } from "@/db/client"
import { type BoardChange, type BoardChanges, CHANGE_DIMENSIONS } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import type { Window } from "./board-windows"
import { all, dimensionConditions, rollupRows } from "./conditions"
import { known } from "./known"
import { type Row, readCount, readMoney, readText, readTextOrNull, selectRows } from "./rows"

/** Named per dimension; how many changed at all is counted. */
const SHOWN = 4

/**
 * What spend went up or down the most between two stretches: in all, and split by model, workflow, release (of its workflow) and team.
 * @returns per dimension the greatest changes either way. Source: spend_rollup; each stretch is summed once per dimension set.
 */
export async function getChanges(
  tx: ProjectTx,
  filters: Filters,
  now: Window,
  before: Window,
): Promise<Omit<BoardChanges, "range" | "before">> {
  const rows = await selectRows(
    tx,
    sql`with sets as materialized (
          select d.id, d.model, d.workflow, d.release, d.team from dimension_sets d
          where ${all([sql`d.project_id = ${tx.projectId}`, ...dimensionConditions(filters)])}
        ),
        r as (
          ${side(tx, now, true)} union all ${side(tx, before, false)}
        ),
        s as (
          select dimension_set_id as id, coalesce(sum(cost) filter (where is_now), 0) as now, coalesce(sum(cost) filter (where not is_now), 0) as before,
            coalesce(sum(calls) filter (where is_now), 0) as calls, coalesce(sum(calls) filter (where not is_now), 0) as calls_before,
            coalesce(sum(unpriced) filter (where is_now), 0) as unpriced, coalesce(sum(unpriced) filter (where not is_now), 0) as unpriced_before
          from r group by 1
        ),
        g as (
          select ${sql.raw("case grouping(model, workflow, release, team) when 7 then 'model' when 11 then 'workflow' when 9 then 'release' when 14 then 'team' else 'total' end")} as dimension,
            model, workflow, release, team, sum(now) as now, sum(before) as before, sum(calls) as calls, sum(calls_before) as calls_before,
            sum(unpriced) as unpriced, sum(unpriced_before) as unpriced_before
          from s join sets using (id)
          group by grouping sets ((), (model), (workflow), (workflow, release), (team))
        ),
        placed as (
          select *, row_number() over (partition by dimension order by abs(now - before) desc, now desc, workflow collate "C", coalesce(model, release, team) collate "C") as place,
            count(*) over (partition by dimension) as members
          from g where dimension = 'total' or (now <> before and (dimension <> 'release' or release is not null))
        )
        select dimension, case when dimension = 'release' then workflow end as workflow,
          case dimension when 'model' then model when 'workflow' then workflow when 'release' then release when 'team' then team end as value,
          trim_scale(coalesce(now, 0))::text as now, trim_scale(coalesce(before, 0))::text as before,
          trim_scale(coalesce(now - before, 0))::text as change, coalesce(calls, 0)::text as calls, coalesce(calls_before, 0)::text as calls_before,
          coalesce(unpriced, 0)::text as unpriced, coalesce(unpriced_before, 0)::text as unpriced_before, members::text
        from placed where place <= ${SHOWN} order by dimension, place`,
  )
  const of = (dimension: string) => rows.filter((row) => readText(row, "dimension") === dimension)
  const [total] = of("total")
  return {
    total: total ? toChange(total) : NONE,
    by: CHANGE_DIMENSIONS.map((dimension) => {
      const found = of(dimension)
      return { dimension, items: found.map(toChange), count: found[0] ? readCount(found[0], "members") : 0 }
    }),
  }
}

function side(tx: ProjectTx, window: Window, isNow: boolean) {
  return sql`select dimension_set_id, ${isNow}::boolean as is_now, sum(cost) as cost, sum(calls) as calls, sum(unpriced_calls) as unpriced
    from (${rollupRows(tx, "spend_rollup", window.segments, [])}) r group by 1`
}

const NONE: BoardChange = {
  workflow: null,
  value: null,
  now: "0",
  before: "0",
  change: "0",
  calls: 0,
  calls_before: 0,
  unpriced_calls: 0,
}

function toChange(row: Row): BoardChange {
  const calls = readCount(row, "calls")
  const callsBefore = readCount(row, "calls_before")
  const unpriced = readCount(row, "unpriced")
  const unpricedBefore = readCount(row, "unpriced_before")
  return {
    workflow: readTextOrNull(row, "workflow"),
    value: readTextOrNull(row, "value"),
    now: known(readMoney(row, "now"), calls, unpriced),
    before: known(readMoney(row, "before"), callsBefore, unpricedBefore),
    change: readMoney(row, "change"),
    calls,
    calls_before: callsBefore,
    unpriced_calls: unpriced + unpricedBefore,
  }
}
