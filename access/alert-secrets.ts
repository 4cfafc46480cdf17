import { randomBytes } from "node:crypto"
import { accessConfig } from "@/access/config"
import { seal, unseal } from "@/access/seal"
import type { ProjectTx } from "@/db/client"
import {
  type ChannelTerms,
  insertChannel,
  lockChannel,
  removeChannelRow,
  updateChannel,
} from "@/db/queries/alert-writes"
import { mailSettings } from "@/lib/alert-mail"
import { allowedTargets, assertTarget, isOpened } from "@/lib/alert-target"
import type { ChannelKind } from "@/lib/alert-vocabulary"
import type { Channel, ChannelChange, ChannelInput } from "@/lib/contracts/alerts"
import { AppError } from "@/lib/errors"
import { DAY_MS, toIso } from "@/lib/time"
import { whoOf } from "@/lib/who"

/** What only the sender may read of a channel. A webhook signs with each key that is in force; the first is the newest. */
export type ChannelSecret = {
  url?: string
  routing_key?: string
  to?: string[]
  signing?: { key: string; until: string | null }[]
}

const FIELDS: Record<ChannelKind, readonly (keyof ChannelChange)[]> = {
  slack: ["url"],
  pagerduty: ["routing_key", "region"],
  webhook: ["url", "body_format", "rotate_secret"],
  email: ["to"],
}
const OWN: readonly (keyof ChannelChange)[] = ["url", "routing_key", "region", "body_format", "to", "rotate_secret"]

const boundTo = (projectId: number, id: number) => `${projectId}:${id}`
const newKey = () => `whsec_${randomBytes(32).toString("base64")}`

/** @returns what was sealed; null when the installation's own key is another one by now. */
export function openSecret(projectId: number, id: number, sealed: string): ChannelSecret | null {
  const text = unseal(sealed, boundTo(projectId, id), accessConfig().keyPepper)
  return text === null ? null : (JSON.parse(text) as ChannelSecret)
}

const close = (projectId: number, id: number, secret: ChannelSecret) =>
  seal(JSON.stringify(secret), boundTo(projectId, id), accessConfig().keyPepper)

/**
 * Judges where a channel would go, before the transaction that keeps it: it may ask for what a name means.
 * @returns true where the operator has opened an address inside for it. @throws AppError `webhook_target_forbidden`; `invalid_input` for e-mail without a mail server.
 */
export async function assertReachable(input: { kind?: ChannelKind; url?: string; to?: string[] }): Promise<boolean> {
  if (input.to !== undefined && mailSettings() === null)
    throw new AppError(
      "invalid_input",
      "This installation has no mail server: who runs Andon sets ANDON_SMTP_URL and ANDON_SMTP_FROM.",
      { field: input.kind === undefined ? "to" : "kind" },
    )
  if (input.url === undefined) return false
  const url = await assertTarget(input.url, allowedTargets())
  return isOpened(url, allowedTargets())
}

/** The address as people see it: whose it is, and its last four characters where more than those are secret. */
function maskTarget({ url, routing_key, to }: ChannelSecret): string {
  const tail = (text: string) => (text.length > 16 ? `…${text.slice(-4)}` : "…")
  if (url !== undefined) {
    const { host, pathname, search } = new URL(url)
    return pathname === "/" && search === "" ? host : `${host}/${tail(pathname + search)}`
  }
  if (to !== undefined) return to.map((mail) => mail.replace(/^(.).*(@[^@]*)$/, "$1…$2")).join(", ")
  return tail(routing_key ?? "")
}

/** @returns its id, and the signing secret of a webhook, which is shown this once. @throws AppError `conflict`. */
export async function addChannel(
  tx: ProjectTx,
  input: ChannelInput,
  by: string,
): Promise<{ id: number; signingSecret: string | null }> {
  const signingSecret = input.kind === "webhook" ? newKey() : null
  const secret: ChannelSecret = {
    ...("url" in input ? { url: input.url } : {}),
    ...(input.kind === "pagerduty" ? { routing_key: input.routing_key } : {}),
    ...(input.kind === "email" ? { to: [...new Set(input.to)] } : {}),
    ...(signingSecret === null ? {} : { signing: [{ key: signingSecret, until: null }] }),
  }
  const { kind, name, min_severity, kinds, workflows, escalation_level } = input
  const terms = {
    kind,
    name,
    min_severity,
    kinds,
    workflows,
    escalation_level,
    target: maskTarget(secret),
    region: input.kind === "pagerduty" ? input.region : null,
    body_format: input.kind === "webhook" ? input.body_format : null,
  }
  const id = await insertChannel(tx, terms, (id) => close(tx.projectId, id, secret), by)
  return { id, signingSecret }
}

/**
 * Changes what a change names; from the version that it names.
 * @returns the channel as it was, masked. @throws AppError `not_found`, `conflict`; `invalid_input` for what belongs to another kind, or when the address must be
 * given again because the installation's key is another one.
 */
export async function changeChannel(
  tx: ProjectTx,
  id: number,
  change: ChannelChange,
  by: string,
  now = Date.now(),
): Promise<{ before: Channel; signingSecret: string | null }> {
  const { channel, sealed } = await lockChannel(tx, id, change.version)
  const foreign = OWN.find((field) => change[field] !== undefined && !FIELDS[channel.kind].includes(field))
  if (foreign) throw new AppError("invalid_input", "This belongs to another kind of channel.", { field: foreign })
  const known = sealed === null ? null : openSecret(tx.projectId, id, sealed)
  const isWhole = change.url ?? change.routing_key ?? change.to
  if (known === null && isWhole === undefined)
    throw new AppError("invalid_input", "The installation's own key is another one now: give the address again.", {
      field: channel.kind === "email" ? "to" : channel.kind === "pagerduty" ? "routing_key" : "url",
    })
  const signingSecret = channel.kind === "webhook" && (change.rotate_secret || known === null) ? newKey() : null
  const { url, routing_key, to } = change
  const secret: ChannelSecret = {
    ...(known ?? {}),
    ...(url === undefined ? {} : { url }),
    ...(routing_key === undefined ? {} : { routing_key }),
    ...(to === undefined ? {} : { to: [...new Set(to)] }),
    ...(signingSecret === null ? {} : { signing: rotated(known?.signing ?? [], signingSecret, now) }),
  }
  const terms: ChannelTerms = {
    name: change.name ?? channel.name,
    target: maskTarget(secret),
    region: change.region ?? channel.region,
    body_format: change.body_format ?? channel.body_format,
    min_severity: change.min_severity ?? channel.min_severity,
    kinds: change.kinds ?? channel.kinds,
    workflows: change.workflows ?? channel.workflows,
    escalation_level: change.escalation_level ?? channel.escalation_level,
  }
  const state =
    change.state === undefined || change.state === channel.state
      ? ("as it was" as const)
      : change.state === "active"
        ? ("active" as const)
        : { reason: `Disabled by ${whoOf(by)}.` }
  await updateChannel(tx, channel, terms, close(tx.projectId, id, secret), state)
  return { before: channel, signingSecret }
}

/** The new key first; the one before it signs on for a day. */
function rotated(signing: NonNullable<ChannelSecret["signing"]>, key: string, now: number) {
  const before = signing.find(({ until }) => until === null)
  return [{ key, until: null }, ...(before ? [{ key: before.key, until: toIso(now + DAY_MS) }] : [])]
}

/** @returns the channel as it was, masked. @throws AppError `not_found`, `conflict`. */
export async function removeChannel(tx: ProjectTx, id: number, version: number): Promise<Channel> {
  const { channel } = await lockChannel(tx, id, version)
  await removeChannelRow(tx, id)
  return channel
}
