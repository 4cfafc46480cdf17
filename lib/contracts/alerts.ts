import { z } from "zod"
import {
  ALERT_ACTIONS,
  CHANNEL_KINDS,
  CHANNEL_STATES,
  DELIVERY_STATES,
  PAGERDUTY_REGIONS,
  WEBHOOK_FORMATS,
} from "@/lib/alert-vocabulary"
import { EXCEPTION_KINDS, SEVERITIES } from "@/lib/vocabulary"

/** Where people are told of exceptions, and what came of each telling. Instants are ISO 8601 with `Z`, absent is null, secrets never come out. */
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)

const Words = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !/[\p{Cc}\p{Surrogate}]/u.test(text), "holds a character that cannot be stored")
const HttpsUrl = z.url({ protocol: /^https?$/, error: "an address such as https://example.org/hook" }).max(2_000)
const Mail = z
  .email("an address such as ops@example.org")
  .max(254)
  .transform((text) => text.toLowerCase())

/** What is told here: empty lists mean all of them. */
const Routing = {
  /** This severity and worse. */
  min_severity: z.enum(SEVERITIES).default("high"),
  /** Empty: every kind. */
  kinds: z.array(z.enum(EXCEPTION_KINDS)).max(EXCEPTION_KINDS.length).default([]),
  /** Names of workflows; empty: all, and what concerns none. */
  workflows: z.array(Words(256)).max(50).default([]),
  /** 0: told at once. 1, 2: told when a critical one has waited for somebody to look for 5, 15 minutes. */
  escalation_level: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(0),
}
const Name = Words(80)
const RoutingKey = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9]{32}$/, "the 32 letters and digits of the integration key")

/** A new channel. Addresses and keys are kept sealed: they are shown masked from then on. */
export const ChannelInput = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("slack"), name: Name, url: HttpsUrl, ...Routing }),
  z.strictObject({
    kind: z.literal("pagerduty"),
    name: Name,
    routing_key: RoutingKey,
    region: z.enum(PAGERDUTY_REGIONS).default("us"),
    ...Routing,
  }),
  z.strictObject({
    kind: z.literal("webhook"),
    name: Name,
    url: HttpsUrl,
    body_format: z.enum(WEBHOOK_FORMATS).default("andon"),
    ...Routing,
  }),
  z.strictObject({ kind: z.literal("email"), name: Name, to: z.array(Mail).min(1).max(20), ...Routing }),
])
export type ChannelInput = z.infer<typeof ChannelInput>

/** A change names the version that it was made from; what is absent stays. Addresses and keys belong to their kinds. */
export const ChannelChange = z.strictObject({
  version: z.number().int().min(1),
  name: Name.optional(),
  min_severity: z.enum(SEVERITIES).optional(),
  kinds: Routing.kinds.unwrap().optional(),
  workflows: Routing.workflows.unwrap().optional(),
  escalation_level: Routing.escalation_level.unwrap().optional(),
  url: HttpsUrl.optional(),
  routing_key: RoutingKey.optional(),
  region: z.enum(PAGERDUTY_REGIONS).optional(),
  body_format: z.enum(WEBHOOK_FORMATS).optional(),
  to: z.array(Mail).min(1).max(20).optional(),
  state: z.enum(CHANNEL_STATES).optional(),
  /** True makes a new signing secret of a webhook; the old one signs beside it for 24 hours. */
  rotate_secret: z.literal(true).optional(),
})
export type ChannelChange = z.infer<typeof ChannelChange>

export const DeliveryAttempt = z.object({
  n: Count,
  at: Instant,
  ms: Count,
  /** Of HTTP; null for e-mail and where no answer came. */
  status: Count.nullable(),
  /** In words; null = delivered. */
  error: z.string().nullable(),
  /** What was answered, at most 1 KiB. */
  excerpt: z.string().nullable(),
})
export type DeliveryAttempt = z.infer<typeof DeliveryAttempt>

export const Channel = z.object({
  id: Count,
  version: Count,
  name: z.string(),
  kind: z.enum(CHANNEL_KINDS),
  /** Host and the last four characters, or the addresses of an e-mail with their middle left out. */
  target: z.string(),
  region: z.enum(PAGERDUTY_REGIONS).nullable(),
  body_format: z.enum(WEBHOOK_FORMATS).nullable(),
  min_severity: z.enum(SEVERITIES),
  kinds: z.array(z.enum(EXCEPTION_KINDS)),
  workflows: z.array(z.string()),
  escalation_level: Count.max(2),
  state: z.enum(CHANNEL_STATES),
  /** In words, where Andon disabled it or a person did. */
  disabled_reason: z.string().nullable(),
  disabled_at: Instant.nullable(),
  created_by: z.string(),
  created_at: Instant,
  /** Of the first failed try since the last that worked; null while the last one worked. */
  failing_since: Instant.nullable(),
  last_error: z.string().nullable(),
  last_delivered_at: Instant.nullable(),
  /** Messages that wait, and that were given up. Capped at 1,000 each. */
  waiting: Count,
  parked: Count,
})
export type Channel = z.infer<typeof Channel>

export const ChannelList = z.object({
  items: z.array(Channel),
  next_cursor: z.null(),
  count: z.null(),
  /** False: the installation names no mail server, and a channel by e-mail is refused. */
  has_mail: z.boolean(),
  /** After so many minutes without an event an exception is raised; null = never. */
  no_data_minutes: Count.nullable(),
  at: Instant,
})
export type ChannelList = z.infer<typeof ChannelList>

/** `signing_secret` of a webhook is shown this once. */
export const ChannelSaved = z.object({ channel: Channel, signing_secret: z.string().nullable() })
export type ChannelSaved = z.infer<typeof ChannelSaved>

export const AlertSettings = z.strictObject({
  no_data_minutes: z.number().int().min(5, "at least 5 minutes").max(10_080, "at most 7 days").nullable(),
})
export type AlertSettings = z.infer<typeof AlertSettings>

export const Delivery = z.object({
  id: z.string(),
  channel: z.object({ id: Count, name: z.string(), kind: z.enum(CHANNEL_KINDS) }),
  action: z.enum(ALERT_ACTIONS),
  /** What it was about, in a line. */
  subject: z.string(),
  exception_id: z.string().nullable(),
  state: z.enum(DELIVERY_STATES),
  /** Why it was parked or dropped, in words. */
  reason: z.string().nullable(),
  /** The same on every try of a message; those that went out together share it. */
  message_id: z.string().nullable(),
  created_at: Instant,
  delivered_at: Instant.nullable(),
  next_at: Instant.nullable(),
  /** All tries; the newest 10 are in `attempts`, newest first. */
  tries: Count,
  attempts: z.array(DeliveryAttempt),
})
export type Delivery = z.infer<typeof Delivery>

/** Newest first. */
export const DeliveryList = z.object({
  items: z.array(Delivery),
  next_cursor: z.string().nullable(),
  count: z.null(),
})
export type DeliveryList = z.infer<typeof DeliveryList>

/** At most so many channels of a project. */
export const MOST_CHANNELS = 30

/** For everybody who relies on being told: which channels do not tell anybody anything now. */
export const AlertsHealth = z.object({
  channels: Count,
  failing: z.array(
    z.object({
      id: Count,
      name: z.string(),
      is_disabled: z.boolean(),
      since: Instant,
      /** Why, in words. */
      reason: z.string().nullable(),
    }),
  ),
})
export type AlertsHealth = z.infer<typeof AlertsHealth>

/** One message about an exception: to which channel, and what came of it. */
export const Told = z.object({
  id: z.string(),
  channel: z.string(),
  kind: z.enum(CHANNEL_KINDS),
  action: z.enum(ALERT_ACTIONS),
  state: z.enum(DELIVERY_STATES),
  /** When it was delivered; when it was made while it is not. */
  at: Instant,
  /** Why it was not, in words. */
  error: z.string().nullable(),
})
export type Told = z.infer<typeof Told>
/** Newest first; `has_channels` tells "nobody was told" from "nobody could be". */
export const ToldList = z.object({
  items: z.array(Told),
  next_cursor: z.null(),
  count: z.null(),
  has_channels: z.boolean(),
})
export type ToldList = z.infer<typeof ToldList>
