import { parseArgs } from "node:util"
import { type AuditReport, audit, type Difference } from "@/db/queries/audit"
import { progress } from "@/scripts/lib/progress"
import { runScript, withDatabase } from "@/scripts/lib/with-database"

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

function describe({ table, key, column, stored, computed }: Difference): string {
  const where = Object.entries(key)
    .map(([name, value]) => `${name}=${value === null ? "null" : String(value)}`)
    .join(" ")
  return `${table}  ${where}  ${column}: stored ${stored ?? "nothing"}, computed ${computed ?? "nothing"}`
}

function summarise(report: AuditReport): void {
  for (const difference of report.differences) print(describe(difference))
  if (report.found > report.differences.length) print(`and ${report.found - report.differences.length} more`)
  const counts = Object.entries(report.compared).map(([table, rows]) => `${rows.toLocaleString("en-US")} ${table}`)
  const sealed = report.sealed === 0 ? "" : `; ${report.sealed.toLocaleString("en-US")} sealed by retention`
  const verdict = report.found === 0 ? "no differences" : `${report.found.toLocaleString("en-US")} differences`
  print(`${verdict} in ${counts.join(", ")}${sealed} (${(report.milliseconds / 1000).toFixed(1)} s)`)
}

/**
 * `npm run audit`: every roll-up and run total against its rows, on a live database. Prints each difference and ends with 1 when there is one.
 * `--totals-only` leaves out the comparison of spans with their events, which reads the whole ledger.
 */
runScript(async () => {
  const { values } = parseArgs({ options: { "totals-only": { type: "boolean", default: false } } })
  return await withDatabase(process.env, async (_database, owner) => {
    const bar = progress("auditing", null, { unit: "steps" })
    const report = await audit(owner, {
      ledger: !values["totals-only"],
      onProgress: (done, total, what) => bar.update(done, `of ${total}: ${what}`),
    })
    bar.finish("audit complete")
    summarise(report)
    return report.found === 0 ? 0 : 1
  })
})
