import { type ProjectTx, sql } from "@/db/client"
import { alertChannels } from "@/db/schema/alerts"
import { type AlertSettings, type Channel, MOST_CHANNELS } from "@/lib/contracts/alerts"
import { AppError } from "@/lib/errors"
import { getChannel } from "./alerts"
import { textArray } from "./conditions"
import { readBoolean, readCount, readText, readTextOrNull, selectRows } from "./rows"

/** What a person decides of a channel, as it is kept. */
export type ChannelTerms = Pick<
  Channel,
  "name" | "target" | "region" | "body_format" | "min_severity" | "kinds" | "workflows" | "escalation_level"
>

/** One who writes channels of a project at a time: ids and names are given under it. */
async function lock(tx: ProjectTx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('andon.alerts'), ${tx.projectId})`)
}

async function assertName(tx: ProjectTx, name: string, but: number): Promise<void> {
  const rows = await selectRows(
    tx,
    sql`select id from alert_channels where project_id = ${tx.projectId} and lower(name) = lower(${name}) and removed_at is null and id <> ${but}`,
  )
  if (rows.length > 0) throw new AppError("conflict", "Another channel has this name.", { field: "name" })
}

/** @param seal makes the sealed text for the id that the channel gets. @throws AppError `conflict` past the most that a project may have, or for a name in use. */
export async function insertChannel(
  tx: ProjectTx,
  terms: ChannelTerms & Pick<Channel, "kind">,
  seal: (id: number) => string,
  by: string,
): Promise<number> {
  await lock(tx)
  await assertName(tx, terms.name, 0)
  const [row] = await selectRows(
    tx,
    sql`select coalesce(max(id), 0) + 1 as id, (count(*) filter (where removed_at is null))::int as standing from alert_channels where project_id = ${tx.projectId}`,
  )
  if (!row || readCount(row, "standing") >= MOST_CHANNELS)
    throw new AppError("conflict", `A project has at most ${MOST_CHANNELS} channels: remove one first.`)
  const id = readCount(row, "id")
  await tx.insert(alertChannels).values({ ...terms, project_id: tx.projectId, id, sealed: seal(id), created_by: by })
  return id
}

/** The channel, its row locked, with what is sealed. @throws AppError `not_found`; `conflict` when it is at another version by now. */
export async function lockChannel(
  tx: ProjectTx,
  id: number,
  version: number,
): Promise<{ channel: Channel; sealed: string | null }> {
  await lock(tx)
  const [row] = await selectRows(
    tx,
    sql`select sealed from alert_channels where project_id = ${tx.projectId} and id = ${id} and removed_at is null for update`,
  )
  if (!row) throw new AppError("not_found", "There is no such channel.")
  const channel = await getChannel(tx, id)
  if (channel.version !== version)
    throw new AppError("conflict", "Somebody else has changed this channel meanwhile.", {
      field: "version",
      current: channel,
    })
  return { channel, sealed: readTextOrNull(row, "sealed") }
}

/** Writes a locked channel. Active again, it begins anew: what went wrong before is past. */
export async function updateChannel(
  tx: ProjectTx,
  { id, version }: Channel,
  terms: ChannelTerms,
  sealed: string,
  disabled: { reason: string } | "active" | "as it was",
): Promise<void> {
  await assertName(tx, terms.name, id)
  const state =
    disabled === "as it was"
      ? sql``
      : disabled === "active"
        ? sql`, state = 'active', disabled_reason = null, disabled_at = null, failing_since = null, last_error = null`
        : sql`, state = 'disabled', disabled_reason = ${disabled.reason}, disabled_at = now()`
  await tx.execute(sql`update alert_channels set version = ${version + 1}, name = ${terms.name}, target = ${terms.target}, region = ${terms.region},
    body_format = ${terms.body_format}, min_severity = ${terms.min_severity}, kinds = ${textArray(terms.kinds)}, workflows = ${textArray(terms.workflows)},
    escalation_level = ${terms.escalation_level}, sealed = ${sealed} ${state} where project_id = ${tx.projectId} and id = ${id}`)
  if (typeof disabled === "object") await giveUp(tx, id, "parked", disabled.reason)
}

/** Takes a locked channel away; its name stays for the log, its address goes. */
export async function removeChannelRow(tx: ProjectTx, id: number): Promise<void> {
  await tx.execute(sql`update alert_channels set removed_at = now(), sealed = null, state = 'disabled', disabled_reason = 'removed', version = version + 1
    where project_id = ${tx.projectId} and id = ${id}`)
  await giveUp(tx, id, "dropped", "The channel was removed.")
}

async function giveUp(tx: ProjectTx, channel: number, state: "parked" | "dropped", reason: string): Promise<void> {
  await tx.execute(sql`update alert_deliveries set state = ${state}, reason = ${reason}, leased_until = null
    where project_id = ${tx.projectId} and channel_id = ${channel} and state = 'pending'`)
}

/** Puts a message that tells of nothing into the outbox. @returns its id. @throws AppError `not_found`; `conflict` of a disabled channel. */
export async function queueTest(tx: ProjectTx, id: number): Promise<string> {
  const channel = await getChannel(tx, id)
  if (channel.state === "disabled")
    throw new AppError("conflict", "This channel is disabled: enable it first, then test it.")
  const [row] = await selectRows(
    tx,
    sql`insert into alert_deliveries (project_id, channel_id, action, dedupe, subject, facts, due_at)
      values (${tx.projectId}, ${id}, 'test', 'test ' || gen_random_uuid(), 'A test: nothing is wrong', '{}'::jsonb, now()) returning id::text`,
  )
  return readText(row ?? {}, "id")
}

/** A message that was given up is tried again, from the first try on and under its old id. @throws AppError `not_found`, `conflict`. */
export async function sendAgain(tx: ProjectTx, id: string): Promise<void> {
  const [row] = /^\d{1,18}$/.test(id)
    ? await selectRows(
        tx,
        sql`select d.state, c.state as channel, d.action in ('trigger', 'escalate') and exists (select from alert_deliveries r where r.project_id = d.project_id
            and r.channel_id = d.channel_id and r.exception_id = d.exception_id and r.action = 'resolve' and r.id > d.id) as is_over from alert_deliveries d join alert_channels c on c.project_id = d.project_id and c.id = d.channel_id
          where d.project_id = ${tx.projectId} and d.id = ${id}::bigint for update of d`,
      )
    : []
  if (!row) throw new AppError("not_found", "There is no such message.")
  const state = readText(row, "state")
  if (state !== "parked" && state !== "dropped")
    throw new AppError(
      "conflict",
      state === "pending" ? "This message waits to be sent already." : "This message was delivered.",
    )
  if (readText(row, "channel") !== "active")
    throw new AppError("conflict", "The channel of this message is disabled: enable it first.")
  if (readBoolean(row, "is_over")) throw new AppError("conflict", "What this message tells of is over by now.")
  await tx.execute(sql`update alert_deliveries set state = 'pending', reason = null, tries = 0, due_at = now(), leased_until = null
    where project_id = ${tx.projectId} and id = ${id}::bigint`)
}

export async function saveAlertSettings(tx: ProjectTx, input: AlertSettings, by: string): Promise<void> {
  await tx.execute(sql`insert into alert_settings (project_id, no_data_minutes, changed_by) values (${tx.projectId}, ${input.no_data_minutes}, ${by})
    on conflict (project_id) do update set no_data_minutes = excluded.no_data_minutes, changed_by = excluded.changed_by, changed_at = now()`)
}
