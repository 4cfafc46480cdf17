import { type ChannelSecret, openSecret } from "@/access/alert-secrets"
import type { MailSettings } from "@/lib/alert-mail"
import type { ChannelKind } from "@/lib/alert-vocabulary"
import { logError } from "@/lib/http"
import { emailOf } from "@/policy/alerts/email"
import type { Message } from "@/policy/alerts/message"
import { PAGERDUTY_URLS, pagerdutyBodies } from "@/policy/alerts/pagerduty"
import { slackBody } from "@/policy/alerts/slack"
import { webhookBody, webhookHeaders } from "@/policy/alerts/webhook"
import type { Outcome } from "@/policy/apply-delivered"
import type { Taken } from "@/policy/apply-deliveries"
import { sendMail } from "./mail"
import { type Posted, type PostOptions, post } from "./post"

export type SendOptions = PostOptions & {
  mail: MailSettings | null
  /** Of PagerDuty, for a stand-in. */
  pagerduty?: string
}
type Came = Omit<Outcome, "ms">

const failure = (result: Outcome["result"], error: string): Came => ({
  result,
  error,
  status: null,
  excerpt: null,
  retryAfterMs: null,
})

/** Sends one message and says what came of it. Never throws what the world does; a bug here counts as a failed try, too. */
export async function send(
  projectId: number,
  channel: Taken["channel"],
  message: Message,
  options: SendOptions,
): Promise<Outcome> {
  const began = performance.now()
  const came = await sendByKind(projectId, channel, message, options).catch((error: unknown) => {
    logError("a message could not be written", error)
    return failure("again", "The message could not be written.")
  })
  return { ...came, ms: Math.round(performance.now() - began) }
}

async function sendByKind(
  projectId: number,
  channel: Taken["channel"],
  message: Message,
  options: SendOptions,
): Promise<Came> {
  const secret = channel.sealed === null ? null : openSecret(projectId, channel.id, channel.sealed)
  if (!secret)
    return failure("disable", "The address cannot be read: the installation's own key is another one. Give it again.")
  switch (channel.kind) {
    case "slack":
      return judged(channel.kind, await post(secret.url ?? "", JSON.stringify(slackBody(message)), {}, options))
    case "webhook":
      return judged(channel.kind, await toWebhook(channel, secret, message, options))
    case "pagerduty":
      return await toPagerduty(channel, secret, message, options)
    case "email":
      return await toMail(secret, message, options)
    default:
      return channel.kind satisfies never
  }
}

async function toWebhook(
  { body_format }: Taken["channel"],
  { url, signing }: ChannelSecret,
  message: Message,
  options: SendOptions,
): Promise<Posted> {
  const now = Date.parse(message.at)
  const body = webhookBody(message, body_format ?? "andon")
  const keys = (signing ?? []).filter(({ until }) => until === null || Date.parse(until) > now).map(({ key }) => key)
  return await post(url ?? "", body, webhookHeaders(message.id, Math.floor(now / 1000), body, keys), options)
}

async function toPagerduty(
  { kind, region }: Taken["channel"],
  { routing_key }: ChannelSecret,
  message: Message,
  options: SendOptions,
): Promise<Came> {
  const url = options.pagerduty ?? PAGERDUTY_URLS[region ?? "us"]
  let came: Came = failure("park", "There was nothing to send.")
  for (const body of pagerdutyBodies(message, routing_key ?? "")) {
    came = judged(kind, await post(url, JSON.stringify(body), {}, options))
    if (came.result !== "delivered") return came
  }
  return came
}

async function toMail({ to }: ChannelSecret, message: Message, { mail, stopping }: SendOptions): Promise<Came> {
  if (mail === null)
    return failure("park", "This installation has no mail server: ANDON_SMTP_URL and ANDON_SMTP_FROM are not set.")
  const { error, excerpt, isForGood } = await sendMail(mail, to ?? [], emailOf(message), { stopping })
  const result = error === null ? "delivered" : isForGood ? "park" : "again"
  return { result, error, excerpt, status: null, retryAfterMs: null }
}

/** What the answer of a receiver means for the message and its channel. */
function judged(kind: ChannelKind, { status, error, excerpt, retryAfterMs, isForbidden }: Posted): Came {
  if (status === null) return { ...failure(isForbidden ? "park" : "again", error ?? "There was no answer."), excerpt }
  const said = (result: Outcome["result"], words: string | null): Came => ({
    result,
    status,
    excerpt,
    error: words,
    retryAfterMs: result === "again" ? retryAfterMs : null,
  })
  if (status >= 200 && status < 300) return said("delivered", null)
  if (status === 410 || (status === 404 && kind === "slack"))
    return said("disable", `The address is gone: it answered ${status}.`)
  if (status >= 300 && status < 400) return said("again", `It answered ${status}: redirects are not followed.`)
  if (status === 400 && kind === "pagerduty") return said("park", "PagerDuty refused the event (400).")
  if (status === 429) return said("again", "It answered 429: too many messages.")
  return said("again", `It answered ${status}.`)
}
