import { randomUUID } from "node:crypto"
import { accessConfig } from "@/access/config"
import { raiseChannelFailure } from "@/ingest/channel-failure"
import { every, type Stop } from "@/ingest/every"
import { mailSettings } from "@/lib/alert-mail"
import { allowedTargets } from "@/lib/alert-target"
import { logError } from "@/lib/http"
import { DAY_MS, toIso } from "@/lib/time"
import type { Message } from "@/policy/alerts/message"
import { pruneDeliveries, settleTry } from "@/policy/apply-delivered"
import { dueChannels, type Taken, takeDue } from "@/policy/apply-deliveries"
import { type SendOptions, send } from "./send"

const EVERY_MS = 1_000
/** After a look that failed, as while the database is away. */
const PAUSE_MS = 10_000
const KEPT_MS = 90 * DAY_MS
const PRUNE_EVERY_MS = 3_600_000
/** So many channels are told at once: one that hangs must not keep the others waiting. */
const AT_ONCE = 8

export type WorkerOptions = SendOptions & { origin: string; clock: () => number; random: () => number }

/** Tells channels what waits for them, every second, in every process. @returns what stops it, once what is on its way has come through. */
export function startAlerts(): Stop {
  const options: WorkerOptions = {
    ...{ allowed: allowedTargets(), mail: mailSettings(), origin: accessConfig().publicUrl.origin },
    ...{ clock: Date.now, random: Math.random },
  }
  let [pruneAt, lookAt] = [Date.now(), 0]
  return every(EVERY_MS, "alerts were not sent; it is tried again in seconds", async () => {
    const now = Date.now()
    if (now < lookAt) return
    // A look that comes through takes this back.
    lookAt = now + PAUSE_MS
    await deliverDue(options)
    lookAt = 0
    if (now < pruneAt) return
    pruneAt = now + PRUNE_EVERY_MS
    await pruneDeliveries(toIso(now - KEPT_MS))
  })
}

/** One look at the outbox. @returns how many messages were tried. */
export async function deliverDue(options: WorkerOptions): Promise<number> {
  const due = await dueChannels(toIso(options.clock()))
  let tried = 0
  const next = async (): Promise<void> => {
    for (let one = due.shift(); one; one = due.shift()) {
      try {
        const taken = await takeDue(one.project_id, one.channel_id, options.clock(), () => `msg_${randomUUID()}`)
        if (taken) tried += await tellTaken(taken, options)
      } catch (error) {
        logError("a channel was not told; it is tried again", error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, next))
  return tried
}

/** One after the other, so that what is over never arrives before what began it. */
async function tellTaken({ projectId, project, channel, messages }: Taken, options: WorkerOptions): Promise<number> {
  let tried = 0
  for (const taken of messages) {
    const { id, action, items, total } = taken
    const message: Message = { id, action, items, total, project, origin: options.origin, at: toIso(options.clock()) }
    const outcome = await send(projectId, channel, message, options)
    const settled = await settleTry(projectId, channel.id, taken, outcome, options.clock(), options.random())
    tried++
    const isGivenUp = (settled.isParked && action !== "test") || settled.isDisabled
    if (isGivenUp || (outcome.result === "delivered" && settled.wasFailing))
      await raiseChannelFailure(projectId, channel, isGivenUp ? (outcome.error ?? "") : null, options.clock())
    if (settled.isDisabled) break
  }
  return tried
}
