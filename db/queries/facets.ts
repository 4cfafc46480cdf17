import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import { FACETS, type Facet, type FacetName, type Facets } from "@/lib/contracts/facets"
import type { Filters } from "@/lib/filters"
import { all, matches, rollupRows, textArray } from "./conditions"
import { type ResolvedRange, resolveRange } from "./range"
import { type Row, readCount, readText, readTextOrNull, selectRows } from "./rows"
import { RUN_DIMENSIONS } from "./run-dimensions"
import { type FoundRuns, findRuns } from "./runs-found"

/** Values shown of a facet; the others are counted, and found by a part of their name. */
const FACET_TOP = 20
const CALL_FACETS = ["provider", "model"] as const
const RUN_FACETS = ["status", "proof", ...RUN_DIMENSIONS] as const

/** @param asked one facet alone, or the values of it that hold a text. */
export type FacetsAsked = { only: FacetName | null; find: string | null }

/**
 * How many runs of the range each value of a facet would leave, with the filter's other choices in force and the facet's own left out: the sum over
 * a facet's values is the count of the list without that choice. Provider and model are counted in calls of the range, because one run makes
 * calls of many models; a status, a proof, a search or a check says nothing of calls, and then their count is null.
 * @returns for each facet its 20 most frequent values and those chosen; counts null where the filter must look into each run.
 * Source: health_rollup and spend_rollup; runs only when a search or a rare call has named them.
 */
export async function getFacets(
  tx: ProjectTx,
  filters: Filters,
  now: number,
  asked: FacetsAsked = { only: null, find: null },
  known: FoundRuns | null = null,
): Promise<Facets> {
  const range = await resolveRange(tx, filters, now)
  const found = known ?? (await findRuns(tx, filters, range, now))
  const wanted = FACETS.filter((name) => asked.only === null || asked.only === name)
  const ofRuns = wanted.filter((name) => (RUN_FACETS as readonly FacetName[]).includes(name))
  const ofCalls = wanted.filter((name) => (CALL_FACETS as readonly FacetName[]).includes(name))
  const asksOfRuns = filters.status.length + filters.proof.length + filters.check.length > 0 || filters.q !== null
  const rows = [
    ...(await ask(tx, filters, asked, ofRuns, countedRuns(tx, range, found.ids))),
    ...(await ask(tx, filters, asked, ofCalls, countedCalls(tx, range))),
  ]
  const facets = wanted.map((name) => {
    const isOfRuns = ofRuns.includes(name)
    const isKnown = isOfRuns ? !found.isProbed : !asksOfRuns
    return facetOf(
      name,
      isOfRuns ? "runs" : "calls",
      rows.filter((row) => readText(row, "facet") === name),
      filters,
      isKnown,
    )
  })
  return { facets }
}

/** Columns `dimension_set_id, status, proof, n`. */
function countedRuns(tx: ProjectTx, range: ResolvedRange, ids: string[] | null): SQL {
  if (ids === null)
    return sql`select r.dimension_set_id, r.status, r.proof, sum(r.runs) as n
      from (${rollupRows(tx, "health_rollup", range.days, [sql`r.runs > 0`])}) r group by 1, 2, 3`
  return sql`select r.dimension_set_id, r.status, r.proof, count(*) as n from runs r
    where r.project_id = ${tx.projectId} and r.id = any(${textArray(ids)})
      and r.started_at >= ${range.from}::timestamptz and r.started_at < ${range.to}::timestamptz group by 1, 2, 3`
}

function countedCalls(tx: ProjectTx, range: ResolvedRange): SQL {
  return sql`select r.dimension_set_id, null::text as status, null::text as proof, sum(r.calls) as n
    from (${rollupRows(tx, "spend_rollup", range.days, [sql`r.calls > 0`])}) r group by 1, 2, 3`
}

/** Rows `facet, value, n, values` of each facet's first values and the chosen ones. */
async function ask(
  tx: ProjectTx,
  filters: Filters,
  asked: FacetsAsked,
  facets: readonly FacetName[],
  counted: SQL,
): Promise<Row[]> {
  if (facets.length === 0) return []
  const isOfCalls = facets.some((name) => name === "provider" || name === "model")
  const narrowing = [...RUN_FACETS, "step", "key", ...CALL_FACETS] as const
  const passes = narrowing.flatMap((name) => {
    // Status and proof are a run's, the rest of the last names a call's.
    if (isOfCalls ? name === "status" || name === "proof" : !(RUN_FACETS as readonly string[]).includes(name)) return []
    const values = chosen(filters, name)
    return values.length === 0 ? [] : [{ name, condition: sql`coalesce(${matches(columnOf(name), values)}, false)` }]
  })
  const flags = passes.map(({ name, condition }) => sql`, ${condition} as ${sql.identifier(`passes_${name}`)}`)
  const one = (name: FacetName) => {
    const others = passes
      .filter((pass) => pass.name !== name)
      .map((pass) => sql`${sql.identifier(`passes_${pass.name}`)}`)
    const column = sql.identifier(name)
    const holding = asked.find === null ? [] : [sql`position(lower(${asked.find}::text) in lower(${column})) > 0`]
    const values = chosen(filters, name)
    const isChosen = values.length === 0 ? sql`false` : matches(sql`value`, values)
    return sql`select ${name}::text as facet, value, n, values from (
        select ${column} as value, sum(n)::text as n, count(*) over () as values,
          row_number() over (order by sum(n) desc, ${column} nulls last) as place
        from b where ${all([...others, ...holding])} group by ${column}
      ) v where place <= ${FACET_TOP} or ${isChosen}`
  }
  return await selectRows(
    tx,
    sql`with counted as materialized (${counted}),
      b as materialized (
        select c.n, c.status, c.proof, d.workflow, d.environment, d.release, d.team, d.customer, d.provider, d.model${sql.join(flags, sql``)}
        from counted c join dimension_sets d on d.project_id = ${tx.projectId} and d.id = c.dimension_set_id
      )
      ${sql.join(facets.map(one), sql` union all `)}`,
  )
}

type Narrowing = FacetName | "step" | "key"

function columnOf(name: Narrowing): SQL {
  if (name === "status" || name === "proof") return sql`c.${sql.identifier(name)}`
  if (name === "key")
    return sql`(select k.public_id from ingest_keys k where k.project_id = d.project_id and k.id = d.key_id)`
  return sql`d.${sql.identifier(name)}`
}

function chosen(filters: Filters, name: Narrowing): readonly (string | null)[] {
  return name === "status" || name === "proof" ? filters[name] : (filters.dimensions[name] ?? [])
}

function facetOf(name: FacetName, unit: Facet["unit"], rows: Row[], filters: Filters, isKnown: boolean): Facet {
  const values = rows
    .map((row) => ({ value: readTextOrNull(row, "value"), count: readCount(row, "n") }))
    .sort((a, b) => b.count - a.count || compare(a.value, b.value))
  const seen = new Set(values.map(({ value }) => value))
  // A chosen value that nothing bears any more can still be taken back.
  const absent = chosen(filters, name).filter((value) => !seen.has(value))
  return {
    name,
    unit,
    values: [...values, ...absent.map((value) => ({ value, count: 0 }))].map(({ value, count }) => ({
      value,
      count: isKnown ? count : null,
    })),
    value_count: (rows[0] ? readCount(rows[0], "values") : 0) + absent.length,
  }
}

const compare = (a: string | null, b: string | null) =>
  a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1
