import type postgres from "postgres"
import { compareExceptions } from "@/db/queries/audit/exceptions"
import { compareFindings } from "@/db/queries/audit/findings"
import { compareLedger, compareRollups, compareRuns, gatherDay, openAudit } from "@/db/queries/audit/statements"
import { DAY_MS, toIso } from "@/lib/time"

/** One figure that is not the sum of its rows. `stored` null = the row is missing, `computed` null = nothing adds up to it. */
export type Difference = {
  table: string
  key: Record<string, unknown>
  column: string
  stored: string | null
  computed: string | null
}

export type AuditReport = {
  /** The first ones; `found` counts all. */
  differences: Difference[]
  found: number
  /** Rows compared, by table. */
  compared: Record<string, number>
  /** Rows from before what retention keeps: nothing is left to compare them with. */
  sealed: number
  milliseconds: number
}

export type AuditOptions = {
  /** Differences that are kept for printing. */
  limit?: number
  /** Also compares every span's cost with the decisions in its events. */
  ledger?: boolean
  /** Of one project alone; null = all. */
  projectId?: number | null
  /** Bounds each statement; 0 = as long as it takes. */
  statementSeconds?: number
  onProgress?: (done: number, total: number, what: string) => void
}

/**
 * Compares every roll-up and run total with the rows that it sums up, every halt with its exception, every hold with its finding, and every span's cost with its events, for all projects. It sees one
 * snapshot of the database, so ingest may go on; it writes only temporary tables, a day of spans at a time, so memory does not grow with their number.
 * @param owner a connection that sees the projects: the owner's, or for one project the application's
 */
export async function audit(owner: postgres.Sql, options: AuditOptions = {}): Promise<AuditReport> {
  const { limit = 1_000, ledger = true, projectId = null, statementSeconds = 0, onProgress = () => {} } = options
  const started = performance.now()
  const report: AuditReport = { differences: [], found: 0, compared: {}, sealed: 0, milliseconds: 0 }
  await owner.begin("isolation level repeatable read", async (tx) => {
    const days = await openAudit(tx, projectId, statementSeconds)
    const steps = days.length + 7 + (ledger ? 2 : 0)
    let done = 0
    for (const day of days) {
      onProgress(done++, steps, `spans of ${toIso(day).slice(0, 10)}`)
      await gatherDay(tx, day, day + DAY_MS)
    }
    const comparisons = [
      ...compareRuns(),
      ...compareRollups(),
      ...compareExceptions(),
      ...compareFindings(),
      ...(ledger ? compareLedger() : []),
    ]
    for (const { table, differences, counts } of comparisons) {
      onProgress(done++, steps, table)
      const [counted] = await tx.unsafe<{ compared: number; sealed: number }[]>(counts)
      report.compared[table] = counted?.compared ?? 0
      report.sealed += counted?.sealed ?? 0
      await tx.unsafe<Difference[]>(differences).cursor(500, (rows) => {
        report.found += rows.length
        report.differences.push(...rows.slice(0, Math.max(0, limit - report.differences.length)))
      })
    }
    onProgress(steps, steps, "done")
  })
  report.milliseconds = performance.now() - started
  return report
}
