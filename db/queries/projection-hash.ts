import { createHash } from "node:crypto"
import { getTableColumns, getTableName } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import type { TransactionSql } from "postgres"
import { runFindings } from "@/db/schema/policies"
import { healthRollup, runs, spans, spendRollup, verificationRollup, verifications } from "@/db/schema/projections"

const PROJECTIONS = [
  ...[spans, runs, verifications, spendRollup, healthRollup, verificationRollup],
  runFindings,
] as PgTable[]
/** A roll-up row of zeros says the same as none. */
const IS_NOTHING: Record<string, string> = {
  spend_rollup: "and not (t.calls = 0 and t.cost = 0)",
  health_rollup: "and t.runs <> 0",
  verification_rollup: "and t.verifications <> 0",
}
const SKIPPED_WHEN_COMPARING_ARRIVALS = new Set(["received_at", "first_received_at", "last_received_at"])

/**
 * One SHA-256 over every column of every row of every projection of the project, whatever the order of the rows. Numbers are compared by value
 * (1.50 = 1.5), dimension sets by what they name.
 * @param options.ignoreReceived leaves out when events arrived: for comparing two deliveries of the same events.
 */
export async function projectionHash(
  tx: TransactionSql,
  projectId: number,
  { ignoreReceived = false } = {},
): Promise<string> {
  const hash = createHash("sha256")
  for (const table of PROJECTIONS) {
    const name = getTableName(table)
    const isOfSet =
      "dimension_set_id" in getTableColumns(table)
        ? "d.project_id = t.project_id and d.id = t.dimension_set_id"
        : "false"
    const columns = Object.values(getTableColumns(table))
      .filter((column) => !ignoreReceived || !SKIPPED_WHEN_COMPARING_ARRIVALS.has(column.name))
      .map((column) => {
        if (column.name === "dimension_set_id") return "coalesce(d.digest::text, '')"
        if (column.getSQLType() === "numeric") return `coalesce(trim_scale(t.${column.name})::text, '∅')`
        return `coalesce(t.${column.name}::text, '∅')`
      })
    const [row] = await tx.unsafe<{ rows: string; a: string | null; b: string | null }[]>(
      `select count(*)::text as rows, sum(('x' || left(h, 15))::bit(60)::bigint)::text as a, sum(('x' || right(h, 15))::bit(60)::bigint)::text as b
       from (select md5(concat_ws(E'\\x01', ${columns.join(", ")})) as h from ${name} t left join dimension_sets d on ${isOfSet}
       where t.project_id = $1 ${IS_NOTHING[name] ?? ""}) as hashed`,
      [projectId],
    )
    hash.update(`${name} ${row?.rows} ${row?.a} ${row?.b}\n`)
  }
  return hash.digest("hex")
}
