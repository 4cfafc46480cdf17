import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { pool } from "@/db/client"
import { seeAllProjects, seeProjects } from "@/db/see"
import { toIso } from "@/lib/time"
import type { TakenMessage } from "@/policy/apply-deliveries"

/** What came of a try. `disable`: the address is gone for good. */
export type Outcome = {
  result: "delivered" | "again" | "park" | "disable"
  /** Of HTTP; null for e-mail and where no answer came. */
  status: number | null
  /** In words; null = delivered. */
  error: string | null
  excerpt: string | null
  ms: number
  /** Of `again`: milliseconds that the receiver asks for. */
  retryAfterMs: number | null
}

/** Waits after the first failed try, the second and so on, milliseconds; after the last the message is parked. */
export const RETRY_MS = [5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000] as const
const JITTER = 0.1
const LONGEST_MS = 36_000_000

/** @param n the try that failed, from 1. @param random in [0, 1). @returns null when it was the last. */
function nextTryMs(n: number, retryAfterMs: number | null, random: number): number | null {
  const wait = RETRY_MS[n - 1]
  if (wait === undefined) return null
  const spread = Math.round(wait * (1 - JITTER + 2 * JITTER * random))
  return Math.max(spread, Math.min(retryAfterMs ?? 0, LONGEST_MS))
}

/** What a channel is after it: whether an exception still says that it does not work, and whether the message or the channel was given up. */
export type Settled = { isRaised: boolean; isParked: boolean; isDisabled: boolean }

/** Writes down a try and what becomes of the message and of its channel. */
export async function settleTry(
  projectId: number,
  channelId: number,
  message: TakenMessage,
  outcome: Outcome,
  now: number,
  random: number,
): Promise<Settled> {
  return (await pool("pages").begin(async (tx) => {
    await seeProjects(tx, [projectId])
    await tx`select 1 from alert_channels where project_id = ${projectId} and id = ${channelId} for update`
    const one = { tx, projectId, channelId, rows: arrayLiteral(message.rows), at: toIso(now) }
    await writeAttempt(one, message.id, outcome)
    const isRaised = await isFailureRaised(one)
    const { result, retryAfterMs } = outcome
    if (result === "delivered") {
      await markDelivered(one)
      return { isRaised, isParked: false, isDisabled: false }
    }
    const wait = result === "again" && message.action !== "test" ? nextTryMs(message.n, retryAfterMs, random) : null
    if (wait === null) await park(one, outcome.error)
    else await putOff(one, now + wait, retryAfterMs === null ? null : now + Math.min(retryAfterMs, LONGEST_MS))
    await tx`update alert_channels set failing_since = coalesce(failing_since, ${one.at}), last_error = ${outcome.error}
      where project_id = ${projectId} and id = ${channelId}`
    if (result === "disable") await disable(one, outcome.error)
    return { isRaised, isParked: wait === null, isDisabled: result === "disable" }
  })) as Settled
}

/** What is being settled: the deliveries of one message, as the text of an array, and their channel, whose row is locked. */
type One = { tx: TransactionSql; projectId: number; channelId: number; rows: string; at: string }

async function writeAttempt({ tx, projectId, at }: One, messageId: string, { ms, status, error, excerpt }: Outcome) {
  await tx`insert into alert_attempts (project_id, message_id, n, at, ms, status, error, excerpt)
    select ${projectId}, ${messageId}, coalesce(max(n), 0) + 1, ${at}, ${ms}, ${status}, ${error}, ${excerpt} from alert_attempts
    where project_id = ${projectId} and message_id = ${messageId}`
}

async function isFailureRaised({ tx, projectId, channelId }: One): Promise<boolean> {
  const [raised] =
    await tx`select 1 from exception_runs where project_id = ${projectId} and run_id = '' and kind = 'alarm'
    and subject = ${`channel ${channelId}`} and cleared_at is null`
  return raised !== undefined
}

async function markDelivered({ tx, projectId, channelId, rows, at }: One) {
  await tx`update alert_deliveries set state = 'delivered', delivered_at = ${at}, leased_until = null, reason = null
    where project_id = ${projectId} and id = any(${rows}::bigint[])`
  await tx`update alert_channels set failing_since = null, last_error = null, last_delivered_at = ${at}
    where project_id = ${projectId} and id = ${channelId}`
}

/** It is not tried again by itself. */
async function park({ tx, projectId, rows }: One, why: string | null) {
  await tx`update alert_deliveries set state = 'parked', leased_until = null, reason = ${why}
    where project_id = ${projectId} and id = any(${rows}::bigint[]) and state = 'pending'`
}

/** @param pausedUntil who asks for a pause asks it of everything that is sent there. */
async function putOff({ tx, projectId, channelId, rows }: One, until: number, pausedUntil: number | null) {
  await tx`update alert_deliveries set due_at = ${toIso(until)}, leased_until = null
    where project_id = ${projectId} and id = any(${rows}::bigint[]) and state = 'pending'`
  if (pausedUntil === null) return
  const pause = toIso(pausedUntil)
  await tx`update alert_deliveries set due_at = ${pause} where project_id = ${projectId} and channel_id = ${channelId} and state = 'pending'
    and leased_until is null and due_at < ${pause}`
}

async function disable({ tx, projectId, channelId, at }: One, why: string | null) {
  await tx`update alert_channels set state = 'disabled', disabled_reason = ${why}, disabled_at = ${at}, version = version + 1
    where project_id = ${projectId} and id = ${channelId} and state = 'active'`
  await parkAll(tx, projectId, channelId)
}

/** Nothing waits for a channel that is disabled. */
export async function parkAll(tx: TransactionSql, projectId: number, channelId: number): Promise<void> {
  await tx`update alert_deliveries set state = 'parked', reason = 'The channel is disabled.', leased_until = null
    where project_id = ${projectId} and channel_id = ${channelId} and state = 'pending'`
}

/** A try that was cut before anything came of it: it counts for nothing, and is due at once. */
export async function giveBack(projectId: number, message: TakenMessage, now: number): Promise<void> {
  await pool("pages").begin(async (tx) => {
    await seeProjects(tx, [projectId])
    await tx`update alert_deliveries set tries = tries - 1, leased_until = null, due_at = ${toIso(now)}
      where project_id = ${projectId} and id = any(${arrayLiteral(message.rows)}::bigint[]) and message_id = ${message.id}
        and state = 'pending' and leased_until is not null and tries > 0`
  })
}

/** Drops what was settled longer ago than people look back, but for what is not over: who was told of that is told of its end. */
export async function pruneDeliveries(before: string): Promise<void> {
  await pool("maintenance").begin(async (tx) => {
    await seeAllProjects(tx)
    await tx`delete from alert_deliveries d where created_at < ${before} and state <> 'pending'
      and not exists (select from exceptions e where e.project_id = d.project_id and e.id = d.exception_id and e.state <> 'resolved')`
    await tx`delete from alert_attempts where at < ${before}`
  })
}
