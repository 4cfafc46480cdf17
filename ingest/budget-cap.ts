import { driverOf, withProject } from "@/db/client"
import { shareLedger } from "@/db/ledger-lock"
import { type HardCap, readHardCaps } from "@/db/queries/budget-cap"
import { isOver } from "@/lib/burn"
import { logError } from "@/lib/http"
import { applyCaps, markPassed } from "@/policy/apply-cap"
import type { Told } from "@/policy/apply-directives"
import { type CapState, countSpend, stateOf } from "./cap-state"
import { settleConditions } from "./exceptions"

/** Read again after so long: what other processes spent, and new caps. */
const FRESH_MS = 1_000
const FRESH_WITHOUT_MS = 5_000

/**
 * Halts those of the events' runs that a passed cap concerns; called after the commit of their events, before its answer. Known figures of this process
 * are as new as its last commit, others' at most a second old; a cap that seems passed is read again before anything is halted.
 * @returns what the runs are told. It never fails: the events are stored whatever becomes of this, and the next batch asks again.
 */
export async function haltOverCaps(
  projectId: number,
  keyId: number,
  events: readonly { runId: string }[],
): Promise<Told[]> {
  try {
    const over = await passedCaps(projectId)
    if (over.length === 0) return []
    const runs = [...new Set(events.map(({ runId }) => runId).filter((run) => run !== ""))]
    return runs.length === 0 ? [] : await halt(projectId, keyId, over, runs)
  } catch (error) {
    logError("a hard cap could not be checked; the next batch asks again", error)
    return []
  }
}

const overOf = ({ known }: CapState): HardCap[] => known.caps.filter(({ used, amount }) => isOver(used, amount))

async function passedCaps(projectId: number): Promise<HardCap[]> {
  const state = stateOf(projectId)
  if (state.readAt === 0) await read(projectId, state)
  const age = Date.now() - state.readAt
  if (age > (state.known.caps.length === 0 ? FRESH_WITHOUT_MS : FRESH_MS))
    void read(projectId, state).catch((error: unknown) => logError("hard caps could not be read", error))
  const over = overOf(state)
  if (!state.isPartial && over.every(({ passedAt }) => passedAt !== null)) return over
  // A reading that is under way may have begun before the commit that asks.
  if (state.reading) await state.reading.catch(() => null)
  await read(projectId, state)
  const passed = overOf(state)
  const unmarked = passed.filter(({ passedAt }) => passedAt === null)
  if (unmarked.length === 0) return passed
  const since = await withProject(projectId, (tx) => markPassed(tx, unmarked))
  for (const cap of unmarked) cap.passedAt = since.get(cap.terms.id) ?? null
  return passed
}

/** One reading of a project at a time: who comes while it is under way waits for the same. */
function read(projectId: number, state: CapState): Promise<void> {
  if (state.reading) return state.reading
  const now = Date.now()
  state.noted = []
  state.reading = withProject(projectId, (tx) => readHardCaps(tx, now))
    .then((known) => {
      Object.assign(state, { known, readAt: now, isPartial: false })
      // Spent while it was read: what the reading saw already counts twice until the next one, which nothing is halted without.
      for (const delta of state.noted) countSpend(state, delta)
    })
    .finally(() => {
      state.reading = null
    })
  return state.reading
}

/** Halts and their exception in one transaction: one of a budget, with the runs that it stopped. A rebuild does not meet them half-way. */
async function halt(
  projectId: number,
  keyId: number,
  caps: readonly HardCap[],
  runs: readonly string[],
): Promise<Told[]> {
  return await withProject(projectId, async (tx) => {
    await shareLedger(tx)
    const told = await applyCaps(tx, caps, runs, keyId)
    if (told.length === 0) return []
    await settleConditions(
      driverOf(tx),
      told.map(({ run, workflow, observed, limit, unit, text, at }) => ({
        projectId,
        runId: run,
        kind: "halt" as const,
        severity: "critical" as const,
        isActive: true,
        at,
        about: { kind: "halt" as const, workflow, rule: "T18", step: null, reason: text },
        observed,
        limit,
        unit,
      })),
      "ingest",
    )
    return told.map(({ run, observed, limit }) => ({ run, action: "halt", rule: "T18", observed, limit, step: null }))
  })
}
