import { createHash } from "node:crypto"
import type postgres from "postgres"
import { audit } from "@/db/queries/audit"
import { formatMoney } from "@/lib/money"
import type { Plant } from "./delivery"

/** What came of a plant. Only `decisionHash` is compared between two deliveries; all else must hold for each. */
export type Verdict = {
  runs: number
  done: number
  expectedDone: number
  defects: number
  /** Defects whose rule found them and that stand in an exception. */
  caught: number
  missed: string[]
  /** Clean runs that stand in an exception, samples for the audit apart. */
  falseExceptions: number
  falseRuns: string[]
  /** Runs that stand in more than one exception for what stopped them or speaks against their output: one trouble is told once. */
  crowded: number
  /** Over status, proof and hold of every run and the identity and action of every finding. */
  decisionHash: string
  cost: string
  expectedCost: string
  rollupCost: string
  auditDifferences: number
}

type FinalRow = {
  id: string
  status: string
  proof: string
  hold: string | null
  findings: string[]
  excepted: boolean
  stops: number
}

const FINAL = `select r.id, r.status, r.proof, r.hold,
    array(select f.rule || ' ' || f.subject || ' ' || f.action from run_findings f where f.project_id = r.project_id and f.run_id = r.id
      order by f.rule collate "C", f.subject collate "C") as findings,
    exists (select from exception_runs x where x.project_id = r.project_id and x.run_id = r.id and x.kind <> 'audit_sample' and x.cleared_at is null) as excepted,
    (select count(*)::int from exception_runs x where x.project_id = r.project_id and x.run_id = r.id and x.kind in ('halt', 'quarantine') and x.cleared_at is null) as stops
  from runs r where r.project_id = $1 order by r.id collate "C"`
const COSTS = `select (select coalesce(sum(cost), 0) from runs where project_id = $1)::text as cost,
  (select coalesce(sum(cost), 0) from spend_rollup where project_id = $1 and grain = 1440)::text as rollup`

/** Runs that only time can still change: a watchdog looks at them. */
export async function waiting(owner: postgres.Sql, projectId: number): Promise<number> {
  const [row] = await owner.unsafe<{ n: number }[]>(
    "select count(*)::int as n from run_policies where project_id = $1 and due_at <= now()",
    [projectId],
  )
  return row?.n ?? 0
}

/** Holds what the ledger says against what was built into the plant. */
export async function judgePlant(owner: postgres.Sql, projectId: number, plant: Plant): Promise<Verdict> {
  const rows = await owner.unsafe<FinalRow[]>(FINAL, [projectId])
  const [money] = await owner.unsafe<{ cost: string; rollup: string }[]>(COSTS, [projectId])
  const { found } = await audit(owner)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const hash = createHash("sha256")
  for (const { id, status, proof, hold, findings } of rows)
    hash.update(`${JSON.stringify([id, status, proof, hold, findings])}\n`)
  const defective = plant.runs.filter(({ rule }) => rule !== null)
  const missed = defective.filter(({ run, rule }) => {
    const row = byId.get(run)
    return !row?.excepted || !row.findings.some((each) => each.startsWith(`${rule} `))
  })
  const falseRuns = plant.runs.filter(({ run, rule }) => rule === null && byId.get(run)?.excepted)
  return {
    runs: rows.length,
    done: rows.filter(
      ({ status, proof, hold }) =>
        status === "succeeded" && proof === "verified" && (hold === null || hold === "released"),
    ).length,
    expectedDone: plant.runs.filter(({ isDone }) => isDone).length,
    defects: defective.length,
    caught: defective.length - missed.length,
    missed: missed.map(({ run, rule }) => `${rule} ${run}: ${JSON.stringify(byId.get(run) ?? null)}`),
    falseExceptions: falseRuns.length,
    falseRuns: falseRuns.map(({ run }) => `${run}: ${JSON.stringify(byId.get(run))}`),
    crowded: rows.filter(({ stops }) => stops > 1).length,
    decisionHash: hash.digest("hex"),
    cost: plain(money?.cost),
    expectedCost: formatMoney(plant.cost),
    rollupCost: plain(money?.rollup),
    auditDifferences: found,
  }
}

/** Without the zeros that a sum in the database ends with. */
const plain = (text = "0"): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)

/** What is wrong, in words; empty = the pass line. */
export function complaintsOf(verdict: Verdict, plant: Plant): string[] {
  const { runs, done, expectedDone, defects, caught, falseExceptions, cost, expectedCost, rollupCost } = verdict
  return [
    runs === plant.runs.length ? "" : `${runs} runs stored of ${plant.runs.length}`,
    caught === defects ? "" : `recall ${caught} of ${defects}: ${verdict.missed.slice(0, 5).join("; ")}`,
    falseExceptions <= plant.runs.length / 100
      ? ""
      : `${falseExceptions} false exceptions: ${verdict.falseRuns.slice(0, 5).join("; ")}`,
    verdict.crowded === 0 ? "" : `${verdict.crowded} runs stand in several exceptions for one trouble`,
    done === expectedDone ? "" : `${done} runs are done, ${expectedDone} have full proof`,
    cost === expectedCost && rollupCost === expectedCost
      ? ""
      : `cost ${cost}, roll-ups ${rollupCost}, sent ${expectedCost}`,
    verdict.auditDifferences === 0 ? "" : `${verdict.auditDifferences} differences in the audit`,
  ].filter((text) => text !== "")
}
