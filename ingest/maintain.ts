import { pool } from "@/db/client"
import { seeAllProjects, seeProjects } from "@/db/see"
import { logError } from "@/lib/http"
import { DAY_MS, toIso } from "@/lib/time"
import { pruneDeliveries } from "@/policy/apply-delivered"
import { every, type Stop } from "./every"
import { ensurePartitionsAhead, forgetPartitions } from "./partitions"
import { forgetSeen } from "./seen-runs"
import { sweepDue } from "./sweep-due"
import { sweepExceptions } from "./sweep-exceptions"
import { drawSamples } from "./sweep-samples"

const EVERY_MS = 60 * 60 * 1000
/** A snooze ends, and what nobody has looked at is carried further, within this. */
const DUE_EVERY_MS = 15_000
/** How long people look back at what was told. */
const DELIVERIES_KEPT_MS = 90 * DAY_MS

/**
 * What has to happen without anybody asking: partitions ahead of midnight, empty roll-up rows, retention where the installation sets it, exceptions that are
 * missing, passed runs to look at, what channels were told long ago. Resolves after the first turn; the next follow every hour, and one that fails is made up for by the one after it, or by the writer.
 * @param retentionDays null keeps everything.
 */
export async function startMaintenance(retentionDays: number | null): Promise<Stop> {
  await ensurePartitionsAhead(Date.now())
  const turn = async () => {
    await ensurePartitionsAhead(Date.now())
    await removeZeroRows(Date.now() - DAY_MS)
    if (retentionDays !== null) await applyRetention(Date.now() - retentionDays * DAY_MS)
    await sweepExceptions()
    await drawSamples()
    await pruneDeliveries(toIso(Date.now() - DELIVERIES_KEPT_MS))
  }
  const failed = "maintenance failed; it is tried again in an hour"
  let isStopped = false
  const first = turn().catch((error: unknown) => {
    if (!isStopped) logError(failed, error)
  })
  const stops = [
    every(EVERY_MS, failed, turn),
    every(DUE_EVERY_MS, "exceptions that are due were not looked at; they are in a moment", sweepDue),
  ]
  return async () => {
    isStopped = true
    await Promise.all([first, ...stops.map((stop) => stop())])
  }
}

/**
 * Drops the partitions of whole UTC days before `before`, and the runs, with what was found in them, and verifications that lie wholly before it. Roll-ups and event keys stay: the
 * figures do not change, and an old retry is still a duplicate. From then on the days before are sealed.
 */
export async function applyRetention(before: number): Promise<{ dropped: string[] }> {
  const day = toIso(Math.floor(before / DAY_MS) * DAY_MS)
  const dropped: string[] = []
  await pool("maintenance").begin(async (tx) => {
    const ids = await tx<
      { id: number }[]
    >`select id from projects where sealed_before is null or sealed_before < ${day}::timestamptz order by id for update`
    if (ids.length === 0) return
    await seeProjects(
      tx,
      ids.map((row) => row.id),
    )
    await tx`update projects set sealed_before = ${day}::timestamptz where id in ${tx(ids.map((row) => row.id))}`
    await tx`delete from verifications where at < ${day}::timestamptz and received_at < ${day}::timestamptz`
    await tx`with gone as (delete from runs where started_at < ${day}::timestamptz and last_event_at < ${day}::timestamptz and last_received_at < ${day}::timestamptz
        returning project_id, id),
      findings as (delete from run_findings f using gone g where f.project_id = g.project_id and f.run_id = g.id)
      delete from run_policies p using gone g where p.project_id = g.project_id and p.run_id = g.id`
    for (const parent of ["events", "spans"]) {
      const rows = await tx<
        { name: string }[]
      >`select drop_partitions_before(${parent}, (${day}::timestamptz at time zone 'UTC')::date) as name`
      dropped.push(...rows.map((row) => row.name))
    }
  })
  forgetPartitions()
  forgetSeen()
  return { dropped }
}

/** Roll-up rows that changes of status or workflow have emptied; recent ones may fill again. */
async function removeZeroRows(before: number): Promise<void> {
  await pool("maintenance").begin(async (tx) => {
    await seeAllProjects(tx)
    const until = toIso(before)
    await tx`delete from spend_rollup where bucket < ${until} and calls = 0 and cost = 0`
    await tx`delete from health_rollup where bucket < ${until} and runs = 0`
    await tx`delete from verification_rollup where bucket < ${until} and verifications = 0`
  })
}
