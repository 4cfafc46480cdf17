import type { ProjectActor } from "@/access/actor"
import { addChannel, assertReachable, changeChannel, removeChannel } from "@/access/alert-secrets"
import { type AuditEntry, actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { type ProjectTx, withProject } from "@/db/client"
import { queueTest, saveAlertSettings, sendAgain } from "@/db/queries/alert-writes"
import { getChannel, getDelivery, readAlertSettings } from "@/db/queries/alerts"
import type {
  AlertSettings,
  Channel,
  ChannelChange,
  ChannelInput,
  ChannelSaved,
  Delivery,
} from "@/lib/contracts/alerts"

/** Makes a channel, and writes down who did. @throws AppError `forbidden`, `conflict`, `webhook_target_forbidden`. */
export async function addAlertChannel(actor: ProjectActor, input: ChannelInput, origin: Origin): Promise<ChannelSaved> {
  const isOpened = await allowed(actor, input)
  return await withProject(actor.project.id, async (tx) => {
    const { id, signingSecret } = await addChannel(tx, input, actorName(actor.actor))
    const channel = await getChannel(tx, id)
    await note(tx, actor, origin, { action: "alert_channel.added", after: told(channel, isOpened) }, channel)
    return { channel, signing_secret: signingSecret }
  })
}

/** Changes, disables or enables one. @throws AppError `forbidden`, `not_found`, `conflict` when it is at another version, `webhook_target_forbidden`. */
export async function changeAlertChannel(
  actor: ProjectActor,
  id: number,
  change: ChannelChange,
  origin: Origin,
): Promise<ChannelSaved> {
  const isOpened = await allowed(actor, change)
  return await withProject(actor.project.id, async (tx) => {
    const { before, signingSecret } = await changeChannel(tx, id, change, actorName(actor.actor))
    const channel = await getChannel(tx, id)
    const after = { ...told(channel, isOpened), ...(signingSecret === null ? {} : { signing_secret: "a new one" }) }
    await note(tx, actor, origin, { action: "alert_channel.changed", before: told(before), after }, channel)
    return { channel, signing_secret: signingSecret }
  })
}

/** Takes a channel away with its address; what it was told stays. @throws AppError `forbidden`, `not_found`, `conflict`. */
export async function removeAlertChannel(
  actor: ProjectActor,
  id: number,
  version: number,
  origin: Origin,
): Promise<Channel> {
  assertCan(actor, "alerts.manage")
  return await withProject(actor.project.id, async (tx) => {
    const before = await removeChannel(tx, id, version)
    await note(tx, actor, origin, { action: "alert_channel.removed", before: told(before) }, before)
    return before
  })
}

/** Puts a test into the outbox. @returns its id. @throws AppError `forbidden`, `not_found`, `conflict` of a disabled channel. */
export async function testAlertChannel(actor: ProjectActor, id: number, origin: Origin): Promise<string> {
  assertCan(actor, "alerts.manage")
  return await withProject(actor.project.id, async (tx) => {
    const channel = await getChannel(tx, id)
    const delivery = await queueTest(tx, id)
    await note(tx, actor, origin, { action: "alert_channel.tested" }, channel)
    return delivery
  })
}

/** Sends a message once more that was given up. @throws AppError `forbidden`, `not_found`, `conflict`. */
export async function sendAlertAgain(actor: ProjectActor, id: string, origin: Origin): Promise<Delivery> {
  assertCan(actor, "alerts.manage")
  return await withProject(actor.project.id, async (tx) => {
    await sendAgain(tx, id)
    const delivery = await getDelivery(tx, id)
    const after = { message: id, subject: delivery.subject }
    await note(tx, actor, origin, { action: "alert.sent_again", after }, delivery.channel)
    return delivery
  })
}

/** @throws AppError `forbidden`. */
export async function changeAlertSettings(
  actor: ProjectActor,
  input: AlertSettings,
  origin: Origin,
): Promise<AlertSettings> {
  assertCan(actor, "alerts.manage")
  return await withProject(actor.project.id, async (tx) => {
    const before = await readAlertSettings(tx)
    await saveAlertSettings(tx, input, actorName(actor.actor))
    const entry = { action: "alert_settings.changed" as const, before, after: input }
    await note(tx, actor, origin, entry, null)
    return input
  })
}

/** Before any transaction: it may ask what a name means. @returns whether the operator has opened an address inside for it. */
async function allowed(actor: ProjectActor, input: ChannelInput | ChannelChange): Promise<boolean> {
  assertCan(actor, "alerts.manage")
  return await assertReachable(input)
}

/** What the log keeps of a channel: what people see of it, never its address. */
function told(channel: Channel, isOpened = false) {
  const { name, kind, target, min_severity, kinds, workflows, escalation_level, state, region, body_format } = channel
  const terms = { name, kind, target, min_severity, kinds, workflows, escalation_level, state, region, body_format }
  return isOpened ? { ...terms, lies_inside: "opened by ANDON_ALERT_ALLOW" } : terms
}

async function note(
  tx: ProjectTx,
  actor: ProjectActor,
  origin: Origin,
  entry: Pick<AuditEntry, "action" | "before" | "after">,
  channel: { id: number } | null,
): Promise<void> {
  const target = channel === null ? {} : { target: `alert_channel:${channel.id}` }
  await auditAct(tx, actor, { ...entry, ...target }, origin)
}
