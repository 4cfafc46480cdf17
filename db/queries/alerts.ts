import { type ProjectTx, sql } from "@/db/client"
import { mailSettings } from "@/lib/alert-mail"
import {
  ALERT_ACTIONS,
  CHANNEL_KINDS,
  CHANNEL_STATES,
  DELIVERY_STATES,
  type DeliveryState,
  PAGERDUTY_REGIONS,
  WEBHOOK_FORMATS,
} from "@/lib/alert-vocabulary"
import type {
  AlertSettings,
  Channel,
  ChannelList,
  Delivery,
  DeliveryAttempt,
  DeliveryList,
} from "@/lib/contracts/alerts"
import { AppError } from "@/lib/errors"
import { toIso } from "@/lib/time"
import { EXCEPTION_KINDS, SEVERITIES } from "@/lib/vocabulary"
import { all } from "./conditions"
import { decodeCursor, listLimit, page } from "./cursor"
import { iso } from "./range"
import {
  type Row,
  readArray,
  readCount,
  readCountOrNull,
  readText,
  readTextOrNull,
  readWord,
  readWordOrNull,
  selectRows,
} from "./rows"

const COUNTED = 1_000
const inState = (state: "pending" | "parked") => sql`(select count(*)::int from (select from alert_deliveries d
  where d.project_id = c.project_id and d.channel_id = c.id and d.state = ${state} limit ${COUNTED}) n)`
/** Never `sealed`. */
const CHANNEL = sql`c.id, c.version, c.name, c.kind, c.target, c.region, c.body_format, c.min_severity, to_jsonb(c.kinds) as kinds, to_jsonb(c.workflows) as workflows,
  c.escalation_level, c.state, c.disabled_reason, ${iso(sql`c.disabled_at`)} as disabled_at, c.created_by, ${iso(sql`c.created_at`)} as created_at,
  ${iso(sql`c.failing_since`)} as failing_since, c.last_error, ${iso(sql`c.last_delivered_at`)} as last_delivered_at,
  ${inState("pending")} as waiting, ${inState("parked")} as parked`

/** Channels that were not removed, by name. Counts stop at 1,000. */
export async function listChannels(tx: ProjectTx, now: number): Promise<ChannelList> {
  const rows = await selectRows(
    tx,
    sql`select ${CHANNEL} from alert_channels c where c.project_id = ${tx.projectId} and c.removed_at is null order by lower(c.name), c.id`,
  )
  return {
    items: rows.map(toChannel),
    next_cursor: null,
    count: null,
    has_mail: mailSettings() !== null,
    ...(await readAlertSettings(tx)),
    at: toIso(now),
  }
}

/** What is asked of the project as a whole. */
export async function readAlertSettings(tx: ProjectTx): Promise<AlertSettings> {
  const [row] = await selectRows(tx, sql`select no_data_minutes from alert_settings where project_id = ${tx.projectId}`)
  return { no_data_minutes: row ? readCountOrNull(row, "no_data_minutes") : null }
}

/** @throws AppError `not_found`. */
export async function getChannel(tx: ProjectTx, id: number): Promise<Channel> {
  const [row] = await selectRows(
    tx,
    sql`select ${CHANNEL} from alert_channels c where c.project_id = ${tx.projectId} and c.id = ${id} and c.removed_at is null`,
  )
  if (!row) throw new AppError("not_found", "There is no such channel.")
  return toChannel(row)
}

const ATTEMPTS = 10
const DELIVERY = sql`d.id::text, d.channel_id, c.name, c.kind, d.action, d.subject, d.exception_id::text, d.state, d.reason, d.message_id,
  ${iso(sql`d.created_at`)} as created_at, ${iso(sql`d.delivered_at`)} as delivered_at, case when d.state = 'pending' then ${iso(sql`d.due_at`)} end as next_at,
  (select count(*)::int from alert_attempts a where a.project_id = d.project_id and a.message_id = d.message_id) as tries,
  coalesce((select jsonb_agg(jsonb_build_object('n', a.n, 'at', ${iso(sql`a.at`)}, 'ms', a.ms, 'status', a.status, 'error', a.error, 'excerpt', a.excerpt) order by a.n desc)
    from (select * from alert_attempts a where a.project_id = d.project_id and a.message_id = d.message_id order by a.n desc limit ${ATTEMPTS}) a), '[]'::jsonb) as attempts
  from alert_deliveries d join alert_channels c on c.project_id = d.project_id and c.id = d.channel_id`

export type DeliveryFilter = {
  channel: number | null
  state: DeliveryState | null
  exception: string | null
  cursor: string | null
  limit: number | null
}

/** What was to be told, newest first, with the last ten tries of each. */
export async function listDeliveries(tx: ProjectTx, filter: DeliveryFilter): Promise<DeliveryList> {
  const limit = listLimit(filter.limit)
  const cursor = decodeCursor(filter.cursor, 1)
  const conditions = [
    sql`d.project_id = ${tx.projectId}`,
    ...(filter.channel === null ? [] : [sql`d.channel_id = ${filter.channel}`]),
    ...(filter.state === null ? [] : [sql`d.state = ${filter.state}`]),
    ...(filter.exception === null ? [] : [sql`d.exception_id = ${idOf(filter.exception)}::bigint`]),
    ...(cursor === null ? [] : [sql`d.id < ${idOf(cursor.ids[0] ?? "")}::bigint`]),
  ]
  // As the index that fits has it: that of an exception, that of a channel's state, else the key read backwards.
  const isIndexed = filter.exception !== null || (filter.channel !== null && filter.state !== null)
  const nulls = isIndexed ? sql`nulls last` : sql``
  const rows = await selectRows(
    tx,
    sql`select ${DELIVERY} where ${all(conditions)} order by d.id desc ${nulls} limit ${limit + 1}`,
  )
  return { ...page(rows.map(toDelivery), limit, ({ created_at, id }) => ({ at: created_at, ids: [id] })), count: null }
}

/** @throws AppError `not_found`. */
export async function getDelivery(tx: ProjectTx, id: string): Promise<Delivery> {
  const [row] = await selectRows(
    tx,
    sql`select ${DELIVERY} where d.project_id = ${tx.projectId} and d.id = ${idOf(id)}::bigint`,
  )
  if (!row) throw new AppError("not_found", "There is no such message.")
  return toDelivery(row)
}

function idOf(text: string): string {
  if (!/^\d{1,18}$/.test(text)) throw new AppError("not_found", "There is no such message.")
  return text
}

function toChannel(row: Row): Channel {
  return {
    id: readCount(row, "id"),
    version: readCount(row, "version"),
    name: readText(row, "name"),
    kind: readWord(row, "kind", CHANNEL_KINDS),
    target: readText(row, "target"),
    region: readWordOrNull(row, "region", PAGERDUTY_REGIONS),
    body_format: readWordOrNull(row, "body_format", WEBHOOK_FORMATS),
    min_severity: readWord(row, "min_severity", SEVERITIES),
    kinds: readArray(row, "kinds").map((kind) => readWord({ kind }, "kind", EXCEPTION_KINDS)),
    workflows: readArray(row, "workflows").map(String),
    escalation_level: readCount(row, "escalation_level"),
    state: readWord(row, "state", CHANNEL_STATES),
    disabled_reason: readTextOrNull(row, "disabled_reason"),
    disabled_at: readTextOrNull(row, "disabled_at"),
    created_by: readText(row, "created_by"),
    created_at: readText(row, "created_at"),
    failing_since: readTextOrNull(row, "failing_since"),
    last_error: readTextOrNull(row, "last_error"),
    last_delivered_at: readTextOrNull(row, "last_delivered_at"),
    waiting: readCount(row, "waiting"),
    parked: readCount(row, "parked"),
  }
}

function toDelivery(row: Row): Delivery {
  return {
    id: readText(row, "id"),
    channel: {
      id: readCount(row, "channel_id"),
      name: readText(row, "name"),
      kind: readWord(row, "kind", CHANNEL_KINDS),
    },
    action: readWord(row, "action", ALERT_ACTIONS),
    subject: readText(row, "subject"),
    exception_id: readTextOrNull(row, "exception_id"),
    state: readWord(row, "state", DELIVERY_STATES),
    reason: readTextOrNull(row, "reason"),
    message_id: readTextOrNull(row, "message_id"),
    created_at: readText(row, "created_at"),
    delivered_at: readTextOrNull(row, "delivered_at"),
    next_at: readTextOrNull(row, "next_at"),
    tries: readCount(row, "tries"),
    attempts: readArray(row, "attempts").map((attempt) => toAttempt(attempt as Row)),
  }
}

function toAttempt(row: Row): DeliveryAttempt {
  return {
    n: readCount(row, "n"),
    at: readText(row, "at"),
    ms: readCount(row, "ms"),
    status: readCountOrNull(row, "status"),
    error: readTextOrNull(row, "error"),
    excerpt: readTextOrNull(row, "excerpt"),
  }
}
