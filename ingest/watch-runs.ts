import type { TransactionSql } from "postgres"
import { pool } from "@/db/client"
import { liveNotice } from "@/db/live-notice"
import { seeAllProjects } from "@/db/see"
import { canonicalJson } from "@/lib/canonical"
import { toIso } from "@/lib/time"
import { isJudgedAnew, savePins } from "@/policy/apply-findings"
import { readResumedLines, readSilence } from "@/policy/apply-silence"
import { applyEvents } from "./apply"
import { DimensionIds } from "./dimensions"
import type { LedgerEvent, Tick } from "./event"
import { every, type Stop } from "./every"
import { announceHalts, type ConditionChange, settleConditions } from "./exceptions"
import { lineStop } from "./judge-conditions"
import { ensurePartitions } from "./partitions"
import { insertEvents, NEW_FROM } from "./save-events"
import { openScope } from "./writer"

const EVERY_MS = 10_000
const BATCH = 200
/** First key of the two-part advisory lock under which one process at a time watches a project; the second is the project. */
const WATCH_LOCK = 7_340_003

/** Looks every ten seconds at what time alone may have changed. */
export function startRunWatch(): Stop {
  return every(EVERY_MS, "a look at silent runs failed; it is tried again in seconds", () => watchRuns(Date.now()))
}

/**
 * Judges the runs that are due, in every project: silent ones, long ones, those whose proof or whose missing numbers were waited for. What is found is stored
 * as a tick, an event of the run like any other, so that a rebuild finds the same; a look that finds nothing leaves no trace but when to look again.
 * Then the workflows in which no run began in time, and the lines that people have started again.
 * @returns runs that are judged otherwise than before.
 */
export async function watchRuns(now: number): Promise<number> {
  const projects = await pool("ingest").begin(async (tx) => {
    await seeAllProjects(tx)
    return await tx<{ id: number }[]>`
      select id from projects p where exists (select from policies where project_id = p.id)
        or exists (select from run_policies where project_id = p.id and due_at <= ${toIso(now)}) order by 1`
  })
  let changed = 0
  if (projects.length > 0) await ensurePartitions([{ parent: "events", at: now }])
  for (const { id } of projects) {
    for (let looked = BATCH; looked === BATCH; ) {
      const turn = await inWatch(id, (tx) => watchBatch(tx, id, now))
      looked = turn?.looked ?? 0
      changed += turn?.changed ?? 0
    }
    await inWatch(id, (tx) => watchLines(tx, id, now))
  }
  return changed
}

/** Null when another process watches this project at this moment. */
async function inWatch<T>(projectId: number, work: (tx: TransactionSql) => Promise<T>): Promise<T | null> {
  return (await pool("ingest").begin(async (tx) => {
    await openScope(tx, [projectId], "shared")
    const [lock] = await tx<
      { taken: boolean }[]
    >`select pg_try_advisory_xact_lock(${WATCH_LOCK}, ${projectId}) as taken`
    return lock?.taken ? await work(tx) : null
  })) as T | null
}

/** A run that retention has dropped is not to be made anew. */
const DUE = `select p.run_id, exists (select from runs r where r.project_id = p.project_id and r.id = p.run_id) as is_there
  from run_policies p where p.due_at <= $2::timestamptz and p.project_id = $1 order by p.due_at limit ${BATCH}`

async function watchBatch(
  tx: TransactionSql,
  projectId: number,
  now: number,
): Promise<{ looked: number; changed: number }> {
  const due = await tx.unsafe<{ run_id: string; is_there: boolean }[]>(DUE, [projectId, toIso(now)], { prepare: true })
  const gone = due.filter(({ is_there }) => !is_there)
  for (const { run_id } of gone)
    await tx`update run_policies set due_at = null where project_id = ${projectId} and run_id = ${run_id}`
  const ticks = due.flatMap(({ run_id, is_there }, i) => (is_there ? [tickOf(projectId, run_id, now, i)] : []))
  if (ticks.length === 0) return { looked: due.length, changed: 0 }
  const looked = await applyEvents(tx, ticks, null, new DimensionIds(new Map()))
  const otherwise = new Set(looked.judgements.filter(isJudgedAnew).map(({ runId }) => runId))
  const silent = looked.judgements.filter(({ runId }) => !otherwise.has(runId))
  const fresh = ticks.filter(({ runId }) => otherwise.has(runId))
  await Promise.all(savePins(tx, silent))
  if (fresh.length > 0) {
    const save = await applyEvents(tx, fresh, null, new DimensionIds(new Map()))
    await insertEvents(
      tx,
      fresh.map((ledger) => ({ event: { ...ledger, body: canonicalJson(ledger.event) }, ledger })),
    )
    await save.flush(tx)
    await tx`select pg_notify('andon_live', ${liveNotice(projectId, ["runs", "verifications"], otherwise)})`
  }
  return { looked: due.length, changed: otherwise.size }
}

function tickOf(projectId: number, runId: string, now: number, index: number): LedgerEvent {
  const event: Tick = { type: "tick", id: `tick:${now}:${runId}`, at: toIso(now), run: runId }
  return {
    projectId,
    runId,
    spanId: "",
    id: event.id,
    type: "tick",
    keyId: 0,
    receivedAt: now,
    seq: null,
    at: now,
    n: NEW_FROM + BigInt(index),
    event,
    entry: {},
  }
}

/** T16: a workflow whose runs should begin by a schedule and do not; and lines that go again. */
async function watchLines(tx: TransactionSql, projectId: number, now: number): Promise<void> {
  const resumed = await readResumedLines(tx, projectId)
  const changes = resumed.map((workflow) => lineStop({ projectId, workflow, to: "live", runs: [] }, false))
  for (const { workflow, isSilent, silentS, limitS, since } of await readSilence(tx, projectId, now))
    changes.push({
      projectId,
      runId: "",
      kind: "silence",
      severity: "high",
      subject: workflow,
      isActive: isSilent,
      at: toIso(since + limitS * 1000),
      about: {
        kind: "silence",
        workflow,
        rule: "T16",
        step: null,
        reason: `No run of “${workflow}” began in time.`,
      },
      observed: String(silentS),
      limit: String(limitS),
      unit: "s without a start",
    } satisfies ConditionChange)
  if (changes.length === 0) return
  await settleConditions(tx, changes, "sweep")
  await announceHalts(tx, new Set([projectId]))
}
