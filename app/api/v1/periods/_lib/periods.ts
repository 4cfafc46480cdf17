import type { ProjectActor } from "@/access/actor"
import { actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { IDLE_MS } from "@/access/repricings"
import { type ProjectTx, withProject } from "@/db/client"
import { holdLedgerAlone } from "@/db/ledger-lock"
import { getPeriod, insertPeriod, lastPeriod, listPeriods, monthRange, sumOf } from "@/db/queries/periods"
import { isRepricingBusy } from "@/db/queries/repricings"
import { ensurePartitions } from "@/ingest/partitions"
import type { PeriodDetail, PeriodInput, PeriodList } from "@/lib/contracts/periods"
import { AppError } from "@/lib/errors"
import { monthWords } from "@/lib/month"
import { toIso } from "@/lib/time"

export async function readPeriods(actor: ProjectActor, cursor: string | null): Promise<PeriodList> {
  assertCan(actor, "spend.read")
  if (cursor !== null && !/^\d{1,9}$/.test(cursor))
    throw new AppError("invalid_filter", "cursor must be one that a list gave.", { field: "cursor" })
  return await withProject(actor.project.id, (tx) => listPeriods(tx, cursor === null ? null : Number(cursor)))
}

export async function readPeriod(actor: ProjectActor, month: string): Promise<PeriodDetail> {
  assertCan(actor, "spend.read")
  return await withProject(actor.project.id, (tx) => getPeriod(tx, month, Date.now()))
}

/**
 * Closes a month that has ended, with its sums as control total, or opens it again. No event is being written meanwhile, so that the total is of all that
 * came before; what comes after is booked in the next open month.
 * @throws AppError `forbidden`; `conflict` when it is so already, the month has not ended, or its prices are being decided again.
 */
export async function changePeriod(actor: ProjectActor, input: PeriodInput, origin: Origin): Promise<PeriodDetail> {
  assertCan(actor, "periods.manage")
  const { month, reason } = input
  const act = input.act === "close" ? ("closed" as const) : ("reopened" as const)
  const by = actorName(actor.actor)
  const now = Date.now()
  const detail = await withProject(actor.project.id, async (tx) => {
    await holdLedgerAlone(tx)
    const range = await monthRange(tx, month)
    await assertMay(tx, month, act, range.to <= toIso(now), now)
    const sums = await sumOf(tx, range)
    await insertPeriod(tx, { ...sums, month, act, reason, range, by })
    const entry = { action: `period.${act}` as const, target: `month:${month}` }
    await auditAct(tx, actor, { ...entry, after: { ...sums, tz: range.tz }, reason }, origin)
    await ensurePartitions([{ parent: "spans", at: Date.parse(range.to) }])
    return await getPeriod(tx, month, now)
  })
  return detail
}

async function assertMay(
  tx: ProjectTx,
  month: string,
  act: "closed" | "reopened",
  isEnded: boolean,
  now: number,
): Promise<void> {
  const last = await lastPeriod(tx, month)
  const isClosed = last?.act === "closed"
  if (act === "reopened" && !isClosed) throw new AppError("conflict", `${monthWords(month)} is open.`)
  if (act === "closed" && isClosed) throw new AppError("conflict", `${monthWords(month)} is closed already.`)
  if (act === "closed" && !isEnded)
    throw new AppError("conflict", `${monthWords(month)} has not ended: only a month that is over can be closed.`)
  if (await isRepricingBusy(tx, 0, now - IDLE_MS))
    throw new AppError("conflict", "The past of this project is being decided again: wait until that is done.")
}
