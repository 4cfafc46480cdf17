import type { SQL } from "drizzle-orm"
import { type ProjectTx, sql } from "@/db/client"
import type { ComparedCheck, ComparedModel, ComparedRun, ComparedStep, Comparison } from "@/lib/contracts/compare"
import type { Run } from "@/lib/contracts/read"
import { AppError } from "@/lib/errors"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import { known } from "./known"
import { type Row, readCount, readCountOrNull, readMoney, readTextOrNull, readUsage, selectRows } from "./rows"
import { getRun } from "./run"
import { getRunBounds, ofRun } from "./run-spans"

/** Models of a run shown apart; more than this in one run is a test of models, and its trace has them all. */
const MODELS = 200

/**
 * Two runs of a project, each summed by step and by model from its own spans: money exact, so that the parts of a side sum to its cost.
 * @returns null for a side whose run is not there, or is another project's.
 */
export async function compareRuns(tx: ProjectTx, a: string, b: string): Promise<Comparison> {
  return { a: await sideOf(tx, a), b: await sideOf(tx, b) }
}

async function sideOf(tx: ProjectTx, id: string): Promise<ComparedRun | null> {
  let run: Run
  try {
    run = await getRun(tx, id, { withPayload: false })
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null
    throw error
  }
  const spans = ofRun(tx, id, await getRunBounds(tx, id))
  const { plan, verification_list, ...head } = run
  return {
    run: head,
    steps: await stepsOf(tx, spans, plan),
    models: await modelsOf(tx, spans),
    checks: checksOf(run.checks, verification_list),
  }
}

const SUMS: SQL = sql`trim_scale(coalesce(sum(s.cost) filter (where s.is_call), 0))::text as cost, (count(*) filter (where s.is_call))::int as calls,
  (count(*) filter (where s.is_call and s.cost is null))::int as unpriced_calls, ${sql.join(
    TOKEN_BUCKETS.map((bucket) => {
      const column = sql.identifier(bucket)
      return sql`coalesce(sum(s.${column}) filter (where s.is_call), 0)::text as ${column}`
    }),
    sql`, `,
  )}`

const figures = (row: Row) => {
  const [calls, unpriced] = [readCount(row, "calls"), readCount(row, "unpriced_calls")]
  return {
    cost: known(readMoney(row, "cost"), calls, unpriced),
    calls,
    unpriced_calls: unpriced,
    tokens: readUsage(row),
  }
}

/** In the order of the plan, then of their start; what ran outside of any step comes last, when anything did. */
async function stepsOf(tx: ProjectTx, spans: SQL, plan: Run["plan"]): Promise<ComparedStep[]> {
  const rows = await selectRows(
    tx,
    sql`select coalesce(s.step, case when s.kind = 'step' then s.name end) as step, ${SUMS},
          (count(*) filter (where s.status = 'error'))::int as errors,
          round(sum(extract(epoch from greatest(s.ended_at - s.started_at, interval '0')) * 1000) filter (where s.kind = 'step'))::text as milliseconds
        from spans s where ${spans} group by 1`,
  )
  const byStep = new Map(rows.map((row) => [readTextOrNull(row, "step"), row]))
  const steps = plan.map((step) => stepOf(step.step, byStep.get(step.step), step))
  const outside = byStep.get(null)
  const rest = outside ? [stepOf(null, outside, null)] : []
  return [...steps, ...rest.filter(({ calls, errors }) => calls + errors > 0)]
}

const NOTHING: Row = {
  cost: "0",
  calls: 0,
  unpriced_calls: 0,
  errors: 0,
  milliseconds: null,
  ...Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, "0"])),
}

function stepOf(step: string | null, row: Row = NOTHING, planned: Run["plan"][number] | null): ComparedStep {
  return {
    step,
    state: planned?.state ?? null,
    is_declared: planned?.is_declared ?? false,
    attempts: planned?.attempts ?? 0,
    milliseconds: readCountOrNull(row, "milliseconds"),
    errors: readCount(row, "errors"),
    ...figures(row),
  }
}

async function modelsOf(tx: ProjectTx, spans: SQL): Promise<ComparedModel[]> {
  const rows = await selectRows(
    tx,
    sql`select s.provider, s.model, ${SUMS} from spans s where ${spans} and s.is_call group by 1, 2
        order by sum(s.cost) desc nulls last, 1, 2 limit ${MODELS}`,
  )
  return rows.map((row) => ({
    provider: readTextOrNull(row, "provider"),
    model: readTextOrNull(row, "model"),
    ...figures(row),
  }))
}

/** Verifications come latest first. */
function checksOf(required: readonly string[], verifications: Run["verification_list"]): ComparedCheck[] {
  const names = [...new Set([...required, ...verifications.map(({ check }) => check)])]
  return names.map((check) => {
    const own = verifications.filter((verification) => verification.check === check)
    return {
      check,
      is_required: required.includes(check),
      outcome: own[0]?.outcome ?? null,
      score: own[0]?.score ?? null,
      results: own.length,
    }
  })
}
