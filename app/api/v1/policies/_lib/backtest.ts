import type { ProjectActor } from "@/access/actor"
import { actorName } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { withProject } from "@/db/client"
import {
  type BacktestRun,
  type BacktestScope,
  backtestCalls,
  backtestSteps,
  backtestTools,
  backtestVerifications,
  countBacktestRuns,
  readBacktestRuns,
} from "@/db/queries/backtest"
import { findPolicy, listPolicies } from "@/db/queries/policies"
import { deriveRun, type RunFacts } from "@/ingest/run-facts"
import type { Backtest, BacktestInput, BacktestResult, PolicyDocument } from "@/lib/contracts/policies"
import { AppError } from "@/lib/errors"
import { logError } from "@/lib/http"
import { cancelJob, jobState, startJob } from "@/lib/job"
import { parseMoney } from "@/lib/money"
import { toIso } from "@/lib/time"
import type { StepFacts } from "@/policy/attempts"
import { BacktestTally, type PastCall, type PastRun } from "@/policy/backtest"
import { decide } from "@/policy/decide"
import { factsNeeded, mergePolicies } from "@/policy/document"
import type { Finding, PolicyVerification } from "@/policy/types"
import { hashOf, readDraft } from "./save"

/** Runs read at once, and judged at once: some ten milliseconds, after which others have their turn. Between chunks a person may have cancelled. */
const CHUNK = 500
const TURN = 100

type Last = { input: Pick<BacktestInput, "workflow" | "from" | "to">; hash: string; result: BacktestResult | null }
const holder = globalThis as typeof globalThis & { andonBacktests?: Map<number, Last> }
holder.andonBacktests ??= new Map()
const lasts = holder.andonBacktests

const jobOf = (projectId: number) => `backtest of ${projectId}`

/**
 * Tries a draft over the stored runs of a range, in the background; one of a project at a time, in this process.
 * @throws AppError `forbidden`; `invalid_input` for a draft that could not be saved or an empty range; `conflict` while one is under way.
 */
export async function beginBacktest(actor: ProjectActor, input: BacktestInput): Promise<Backtest> {
  assertCan(actor, "policies.manage")
  const { id: projectId } = actor.project
  const { workflow, from, to } = input
  if (Date.parse(from) >= Date.parse(to))
    throw new AppError("invalid_input", "The range ends before it begins.", { field: "to" })
  const { draft, policyOf } = await withProject(projectId, async (tx) => {
    const draft = await readDraft(tx, workflow, input.document)
    if (workflow !== "") {
      const project = await findPolicy(tx, "")
      const merged = mergePolicies(project?.document ?? null, draft)
      return { draft, policyOf: () => merged }
    }
    const own = new Map((await listPolicies(tx)).map((entry) => [entry.workflow, entry.policy?.document ?? null]))
    return { draft, policyOf: (name: string | null) => mergePolicies(draft, own.get(name ?? "\0") ?? null) }
  })
  const scope = { workflow: workflow === "" ? null : workflow, from, to }
  const last: Last = {
    input: { workflow, from: toIso(Date.parse(from)), to: toIso(Date.parse(to)) },
    hash: hashOf(draft),
    result: null,
  }
  startJob(
    jobOf(projectId),
    "Trying a policy over the past",
    actorName(actor.actor),
    async (report, signal) => {
      last.result = await backtest(projectId, scope, policyOf, report, signal)
      return "Done."
    },
    (error) => logError("a backtest failed", error),
  )
  lasts.set(projectId, last)
  return readBacktest(actor)
}

/** How far it is, and what came of it. */
export function readBacktest({ project }: ProjectActor): Backtest {
  const job = jobState(jobOf(project.id))
  const last = lasts.get(project.id)
  if (!job || !last)
    return {
      state: "none",
      workflow: null,
      from: null,
      to: null,
      hash: null,
      done: 0,
      total: null,
      message: null,
      result: null,
    }
  const { state, done, total, message } = job
  return { state, ...last.input, hash: last.hash, done, total, message, result: last.result }
}

export function cancelBacktest(actor: ProjectActor): Backtest {
  assertCan(actor, "policies.manage")
  if (!cancelJob(jobOf(actor.project.id))) throw new AppError("conflict", "Nothing is under way.")
  return readBacktest(actor)
}

/** @param policyOf what would hold for a workflow; null = nothing. */
export async function backtest(
  projectId: number,
  scope: BacktestScope,
  policyOf: (workflow: string | null) => PolicyDocument | null,
  report: (done: number, total: number | null) => void,
  signal: AbortSignal,
): Promise<BacktestResult> {
  const total = await withProject(projectId, (tx) => countBacktestRuns(tx, scope))
  const tally = new BacktestTally()
  report(0, total)
  const load = (cursor: BacktestRun | null) =>
    withProject(
      projectId,
      async (tx) => await loadChunk(tx, await readBacktestRuns(tx, scope, cursor, CHUNK), policyOf),
    )
  let done = 0
  let next: ReturnType<typeof load> | null = load(null)
  while (next) {
    const chunk: Loaded[] = await next
    signal.throwIfAborted()
    // The database reads the next ones while these are judged.
    next = chunk.length < CHUNK ? null : load(chunk.at(-1)?.run ?? null)
    next?.catch(() => {})
    await judgeChunk(projectId, chunk, tally)
    done += chunk.length
    report(done, Math.max(done, total))
  }
  return tally.result()
}

type Loaded = { run: BacktestRun; policy: PolicyDocument; past: PastRun }
type Tx = Parameters<typeof readBacktestRuns>[0]

/** Reads of each run what its policy needs. */
async function loadChunk(
  tx: Tx,
  runs: readonly BacktestRun[],
  policyOf: (workflow: string | null) => PolicyDocument | null,
): Promise<Loaded[]> {
  const now = Date.now()
  const cases = runs.map((run) => {
    const policy = policyOf(run.workflow) ?? {}
    const past = toPast(run, now)
    return { run, policy, past, needed: factsNeeded(policy, past.snapshot) }
  })
  const those = (isNeeded: (one: (typeof cases)[number]) => boolean) => cases.filter(isNeeded).map(({ run }) => run)
  const steps = await backtestSteps(
    tx,
    those(({ needed }) => needed.steps || needed.states),
  )
  const tools = await backtestTools(
    tx,
    those(({ needed }) => needed.toolCalls),
  )
  const verifications = await backtestVerifications(
    tx,
    those(({ needed }) => needed.verifications),
  )
  const models = await backtestCalls(
    tx,
    those(({ needed }) => needed.models),
  )
  // Filled in place: copies of a hundred thousand snapshots took a quarter of the time.
  for (const { run, past, needed } of cases) {
    const { snapshot } = past
    const own = (steps.get(run.id) ?? []) as StepFacts[]
    if (needed.steps) snapshot.steps = own
    if (needed.states) snapshot.states = own.flatMap(statesOf)
    snapshot.toolCalls = tools.get(run.id) ?? []
    // Words that ingest let into the ledger.
    snapshot.verifications = (verifications.get(run.id) ?? []) as PolicyVerification[]
    const named = (models.get(run.id) ?? []).flatMap(({ model }) => (model === null ? [] : [model]))
    snapshot.models = [...new Set(named)]
  }
  return cases
}

const statesOf = ({ step, boundaries }: StepFacts) =>
  boundaries.flatMap(({ state, seq, at, id }) => (state === undefined ? [] : [{ step, hash: state, seq, at, id }]))

/** Decides by how each ended, and looks closer at what would have been stopped on the way. */
async function judgeChunk(projectId: number, chunk: readonly Loaded[], tally: BacktestTally): Promise<void> {
  const found: Finding[][] = []
  for (const { policy, past } of chunk) {
    found.push(decide(policy, past.snapshot))
    if (found.length % TURN === 0) await othersTurn()
  }
  const closer = chunk.filter((_, i) => BacktestTally.mayHaltOnTheWay(found[i] ?? [])).map(({ run }) => run)
  const calls = closer.length === 0 ? null : await withProject(projectId, (tx) => backtestCalls(tx, closer))
  for (const [i, { run, policy, past }] of chunk.entries()) {
    tally.add(policy, past, found[i] ?? [], (calls?.get(run.id) ?? []).map(toCall))
    if (i % TURN === TURN - 1) await othersTurn()
  }
}

const othersTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

const toCall = (call: Omit<PastCall, "cost"> & { cost: string | null }): PastCall => ({
  ...call,
  cost: call.cost === null ? null : parseMoney(call.cost),
})

/** A run as its own events left it, whatever was decided about it; looked at from now, when every grace is over. */
function toPast(run: BacktestRun, now: number): PastRun {
  const state = run.facts === null ? null : deriveRun(run.facts as RunFacts)
  return {
    status: run.status,
    proof: run.proof,
    hold: run.hold,
    snapshot: {
      run: run.id,
      workflow: run.workflow,
      agent: run.agent,
      claim: state?.status ?? run.status,
      startedAt: run.startedAt,
      endedAt: state ? (state.end?.at ?? null) : run.endedAt,
      lastEventAt: run.lastEventAt,
      asOf: Math.max(now, run.lastEventAt),
      plan: run.plan,
      checks: run.checks,
      outputHash: run.outputHash,
      refs: state?.end?.refs ?? [],
      cost: parseMoney(run.cost),
      calls: run.calls,
      unpricedCalls: run.unpricedCalls,
      largestUnpriced: null,
      models: [],
      steps: [],
      toolCalls: [],
      states: [],
      verifications: [],
      hasSeqGap: run.hasSeqGap,
    },
  }
}
