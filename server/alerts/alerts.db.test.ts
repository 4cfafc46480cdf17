import { createHmac } from "node:crypto"
import { expect, it } from "vitest"
import { saveAlertSettings } from "@/db/queries/alert-writes"
import { settleConditions } from "@/ingest/exceptions"
import { sweepDue } from "@/ingest/sweep-due"
import { watchData } from "@/ingest/watch-data"
import type { ChannelInput } from "@/lib/contracts/alerts"
import {
  act,
  add,
  began,
  beginNow,
  bodies,
  condition,
  ledger,
  log,
  other,
  project,
  receiver,
  settle,
  states,
  turn,
  within,
} from "./testing"

it("an exception is told once, with the cause and the way to it, and signed", async () => {
  const { signingSecret } = await add()
  const change = condition()
  await settle(change)
  await settle(change)
  expect(await turn(0)).toBe(0)
  await turn()
  await turn()
  expect(receiver.heard).toHaveLength(1)
  const [{ headers, body }] = receiver.heard as [(typeof receiver.heard)[0]]
  const { type, data } = JSON.parse(body)
  expect([type, data.total, data.exceptions[0].limit]).toEqual(["alert.triggered", 1, "5"])
  expect(data.exceptions[0].url).toMatch(/^http:\/\/127\.0\.0\.1:4000\/exceptions\/\d+\?project=alerts-/)
  const key = Buffer.from(String(signingSecret).slice("whsec_".length), "base64")
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`
  expect(headers["webhook-signature"]).toBe(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`)
  expect((await log())[0]).toMatchObject({ state: "delivered", tries: 1, attempts: [{ status: 200, excerpt: "ok" }] })
})

it("what is rolled back, old, or not asked for is told to nobody", async () => {
  await add({ min_severity: "critical" })
  await add({ workflows: ["other"] })
  await add({ kinds: ["halt"] })
  await settle(condition())
  await add()
  await settle(condition({ at: new Date(Date.now() - 2 * 3_600_000).toISOString() }, "history"))
  const lost = ledger.query(async (tx) => {
    await settleConditions(tx, [condition({}, "lost")], "ingest")
    throw new Error("rolled back")
  }, project)
  await expect(lost).rejects.toThrow("rolled back")
  await turn()
  expect(receiver.heard).toHaveLength(0)
  expect(await log()).toEqual([])
})

it("a flood is one message that names ten; incidents come one by one", async () => {
  await add()
  await add({ kind: "pagerduty", name: "pd", routing_key: "k".repeat(32), region: "us" } as Partial<ChannelInput>)
  for (let i = 0; i < 12; i++) await settle(condition({}, `w${i}`))
  while ((await turn()) > 0);
  const [hooks, incidents] = [bodies().filter((body) => body.type), bodies().filter((body) => body.routing_key)]
  expect(hooks).toHaveLength(1)
  expect([hooks[0].data.total, hooks[0].data.exceptions.length]).toEqual([12, 10])
  expect(new Set(incidents.map((body) => body.dedup_key)).size).toBe(12)
})

it("what comes while others wait goes with them", async () => {
  await add()
  await settle(condition({}, "first"))
  await ledger.query(
    (tx) => tx`update alert_deliveries set due_at = due_at - interval '8 seconds' where state = 'pending'`,
    project,
  )
  beginNow()
  await settle(condition({}, "second"))
  await ledger.query(
    (tx) =>
      tx`update alert_deliveries set due_at = ${new Date(began + 8_000).toISOString()} where due_at > ${new Date(began + 5_000).toISOString()}`,
    project,
  )
  expect(await turn(4)).toBe(1)
  expect(bodies()[0].data.total).toBe(2)
})

it("what is over is told to whom it was told, and to nobody when it was over before", async () => {
  await add({ kind: "pagerduty", name: "pd", routing_key: "k".repeat(32), region: "us" } as Partial<ChannelInput>)
  const change = condition()
  await settle(change)
  await turn()
  await settle({ ...change, isActive: false })
  await turn()
  const [begun, over] = bodies()
  expect([begun.event_action, over.event_action, over.dedup_key]).toEqual(["trigger", "resolve", begun.dedup_key])
  const brief = condition({}, "brief")
  await settle(brief)
  await settle({ ...brief, isActive: false })
  await turn()
  expect(receiver.heard).toHaveLength(2)
  expect((await states()).slice(0, 2)).toEqual(["resolve dropped", "trigger dropped"])
})

it("what chatters is told at most every five minutes", async () => {
  await add()
  const change = condition()
  await settle(change)
  await turn()
  for (let i = 0; i < 3; i++) {
    await settle({ ...change, isActive: false })
    await settle(change)
  }
  await turn(60)
  const told = () => bodies().filter((body) => body.type === "alert.triggered").length
  expect(told()).toBe(1)
  await turn(300)
  expect(told()).toBe(2)
})

it("what becomes worse is told once more: by the channels it now is for, and by those that knew it as less", async () => {
  await add({ kind: "pagerduty", name: "pd", routing_key: "k".repeat(32), region: "us" } as Partial<ChannelInput>)
  await add({ name: "night", min_severity: "critical", url: `${other.url}/night` } as Partial<ChannelInput>)
  await settle(condition({ severity: "low" }))
  while ((await turn(20)) > 0);
  await add({ name: "hook" })
  // Both say the same of the hook's first and only message: the second is all there is to say.
  await settle(condition({ severity: "low" }, "two"))
  await settle(condition({ severity: "high" }, "two"))
  for (let i = 0; i < 2; i++)
    await settle(condition({ severity: "critical" }), condition({ severity: "critical" }, "two"))
  await settle(condition({ severity: "low" }))
  while ((await turn(20)) > 0);
  const [incidents, hooks] = [bodies().filter((body) => body.routing_key), bodies().filter((body) => body.type)]
  const first = incidents.filter((body) => body.dedup_key === incidents[0].dedup_key)
  expect(first.map((body) => [body.event_action, body.payload.severity])).toEqual([
    ["trigger", "warning"],
    ["trigger", "critical"],
  ])
  const named = hooks.flatMap((body) => body.data.exceptions)
  expect(named.map((one) => [one.workflow, one.severity]).sort()).toEqual([
    ["two", "critical"],
    ["w", "critical"],
  ])
  expect(other.heard.map(({ body }) => JSON.parse(body).data.total)).toEqual([2])
  expect(await log()).toContainEqual(
    expect.objectContaining({ state: "dropped", reason: "It became worse before anybody was told." }),
  )
})

it("who acknowledged it hears when it becomes worse, and the wait for somebody begins anew", async () => {
  await add()
  await settle(condition({ severity: "high" }))
  await turn()
  await act("acknowledge")
  await settle(condition({ severity: "critical" }))
  await turn()
  expect(bodies().map((body) => body.data.exceptions[0].severity)).toEqual(["high", "critical"])
  await settle(condition({ severity: "low" }, "unseen"))
  await ledger.query(
    (tx) => tx`update exceptions set waits_since = now() - interval '1 hour' where project_id = ${project}`,
    project,
  )
  await settle(condition({ severity: "critical" }, "unseen"))
  expect((await sweepDue()).escalated.filter(({ projectId }) => projectId === project)).toEqual([])
})

it("people's acts are told: resolved is over, reopened is there again", async () => {
  await add()
  await settle(condition())
  await turn()
  await act("resolve", { cause: "bad_input" })
  await turn()
  await act("reopen", { note: "not yet" })
  await turn(400)
  expect(bodies().map((body) => body.type)).toEqual(["alert.triggered", "alert.resolved", "alert.triggered"])
})

it("a critical one that nobody looks at goes to the next contact, then to all; who has looked stops it", async () => {
  await add({ name: "first" })
  await add({ name: "next", url: `${other.url}/next`, escalation_level: 1 } as Partial<ChannelInput>)
  await settle(condition({ severity: "critical" }))
  await turn()
  const wait = (minutes: number) =>
    ledger.query(
      (tx) =>
        tx`update exceptions set waits_since = now() - ${minutes} * interval '1 minute' where project_id = ${project}`,
      project,
    )
  await wait(6)
  await sweepDue()
  await turn()
  expect([receiver.heard.length, other.heard.length]).toEqual([1, 1])
  expect(other.heard[0]?.body).toContain("Nobody has looked for 5 minutes")
  await wait(16)
  await sweepDue()
  await act("acknowledge")
  await turn()
  expect([receiver.heard.length, other.heard.length]).toEqual([1, 1])
  expect((await states()).filter((state) => state === "escalate dropped")).toHaveLength(2)
})

it("a project that falls silent is told once, and over with the next event", async () => {
  await add()
  const hear = (minutesAgo: number) =>
    ledger.query(
      (
        tx,
      ) => tx`insert into ingest_counters (project_id, key_id, hour, last_at) values (${project}, 0, '2026-01-01T00:00Z', now() - ${minutesAgo} * interval '1 minute')
        on conflict (project_id, key_id, hour) do update set last_at = excluded.last_at`,
      project,
    )
  const look = async () => await watchData(Date.now())
  await within((tx) => saveAlertSettings(tx, { no_data_minutes: 30 }, "user:ada@example.org"))
  expect(await look()).toBe(0)
  await hear(20)
  expect(await look()).toBe(0)
  await hear(200)
  expect([await look(), await look()]).toEqual([1, 0])
  await turn()
  await hear(0)
  expect([await look(), await look()]).toEqual([1, 0])
  await turn()
  expect(bodies().map((body) => [body.type, body.data.exceptions[0].kind, body.data.exceptions[0].limit])).toEqual([
    ["alert.triggered", "silence", "30"],
    ["alert.resolved", "silence", "30"],
  ])
  await hear(200)
  await look()
  await within((tx) => saveAlertSettings(tx, { no_data_minutes: null }, "user:ada@example.org"))
  expect([await look(), await look()]).toEqual([1, 0])
})
