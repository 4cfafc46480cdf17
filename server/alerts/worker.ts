import { randomUUID } from "node:crypto"
import { accessConfig } from "@/access/config"
import { settleWithin } from "@/db/client"
import { raiseChannelFailure } from "@/ingest/channel-failure"
import { every, type Stop } from "@/ingest/every"
import { mailSettings } from "@/lib/alert-mail"
import { allowedTargets } from "@/lib/alert-target"
import { logError } from "@/lib/http"
import { toIso } from "@/lib/time"
import type { Message } from "@/policy/alerts/message"
import { giveBack, settleTry } from "@/policy/apply-delivered"
import { dueChannels, takeDue } from "@/policy/apply-deliveries"
import { type SendOptions, send } from "./send"

const EVERY_MS = 1_000
/** After a look that failed, as while the database is away. */
const PAUSE_MS = 10_000
/** Longer than any statement here may take. */
const SETTLE_MS = 60_000
/** So many channels are told at once: one that hangs must not keep the others waiting. */
const AT_ONCE = 8

export type WorkerOptions = SendOptions & { origin: string; clock: () => number; random: () => number }
/** Channels that this process is at, each with how many messages it will have tried. */
type Busy = Map<string, Promise<number>>

/**
 * Tells channels what waits for them, every second, in every process.
 * @returns what stops it: what is on its way then is cut, and given back for the next process to send at once.
 */
export function startAlerts(): Stop {
  const stopping = new AbortController()
  const options: WorkerOptions = {
    allowed: allowedTargets(),
    mail: mailSettings(),
    origin: accessConfig().publicUrl.origin,
    clock: Date.now,
    random: Math.random,
    stopping: stopping.signal,
  }
  const busy: Busy = new Map()
  let lookAt = 0
  const stop = every(EVERY_MS, "alerts were not sent; it is tried again in seconds", async () => {
    const now = Date.now()
    if (now < lookAt) return
    // A look that comes through takes this back.
    lookAt = now + PAUSE_MS
    await begin(options, busy)
    lookAt = 0
  })
  return async () => {
    stopping.abort()
    await stop()
    await Promise.all(busy.values())
  }
}

/** A statement on a connection that was lost may never settle: the next look must not wait for it. */
const settled = <T>(work: Promise<T>): Promise<T> => settleWithin(SETTLE_MS, work)

/** One look at the outbox, and all that comes of it. @returns how many messages were tried. */
export async function deliverDue(options: WorkerOptions): Promise<number> {
  const busy: Busy = new Map()
  await begin(options, busy)
  const tried = await Promise.all(busy.values())
  return tried.reduce((sum, one) => sum + one, 0)
}

/** Starts on the channels that have something to say and that this process is not at. */
async function begin(options: WorkerOptions, busy: Busy): Promise<void> {
  for (const { project_id, channel_id } of await settled(dueChannels(toIso(options.clock())))) {
    const key = `${project_id} ${channel_id}`
    if (busy.size >= AT_ONCE || options.stopping?.aborted) return
    if (busy.has(key)) continue
    busy.set(
      key,
      tellChannel(project_id, channel_id, options)
        .catch((error) => {
          if (!options.stopping?.aborted) logError("a channel was not told; it is tried again", error)
          return 0
        })
        .finally(() => busy.delete(key)),
    )
  }
}

/** One message after the other, so that what is over never arrives before what began it. */
async function tellChannel(projectId: number, channelId: number, options: WorkerOptions): Promise<number> {
  for (let tried = 0; ; ) {
    const due = await settled(takeDue(projectId, channelId, options.clock(), () => `msg_${randomUUID()}`))
    if (!due) return tried
    const { project, channel, message: taken } = due
    const { id, action, items, total } = taken
    const message: Message = { id, action, items, total, project, origin: options.origin, at: toIso(options.clock()) }
    const outcome = await send(projectId, channel, message, options)
    // Cut by our own end: not a failed try, and it goes again under its id.
    if (options.stopping?.aborted && outcome.result !== "delivered") {
      await settled(giveBack(projectId, taken, options.clock()))
      return tried
    }
    const after = await settled(settleTry(projectId, channel.id, taken, outcome, options.clock(), options.random()))
    tried++
    const isGivenUp = (after.isParked && action !== "test") || after.isDisabled
    if (isGivenUp || (outcome.result === "delivered" && after.isRaised))
      await settled(raiseChannelFailure(projectId, channel, isGivenUp ? (outcome.error ?? "") : null, options.clock()))
    if (options.stopping?.aborted) return tried
  }
}
