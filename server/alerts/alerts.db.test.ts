import { createHmac } from "node:crypto"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { addChannel, changeChannel, removeChannel } from "@/access/alert-secrets"
import { accessConfig, configureAccess, readAccessConfig } from "@/access/config"
import { withProject } from "@/db/client"
import { queueTest, saveAlertSettings, sendAgain } from "@/db/queries/alert-writes"
import { listChannels, listDeliveries } from "@/db/queries/alerts"
import { type ConditionChange, settleConditions } from "@/ingest/exceptions"
import { sweepDue } from "@/ingest/sweep-due"
import { openLedger } from "@/ingest/testing"
import { watchData } from "@/ingest/watch-data"
import { readAllowed } from "@/lib/alert-target"
import type { ChannelInput } from "@/lib/contracts/alerts"
import type { ExceptionAct } from "@/lib/vocabulary"
import { applyAct } from "@/policy/apply-act"
import { RETRY_MS } from "@/policy/apply-delivered"
import { takeDue } from "@/policy/apply-deliveries"
import { answers, openMailServer, openReceiver } from "./testing-receiver"
import { deliverDue, type WorkerOptions } from "./worker"

let ledger: Awaited<ReturnType<typeof openLedger>>
let receiver: Awaited<ReturnType<typeof openReceiver>>
let other: Awaited<ReturnType<typeof openReceiver>>
let mail: Awaited<ReturnType<typeof openMailServer>>
let options: WorkerOptions
let project: number
/** The worker's clock stands still but for what a test adds: how long a test takes changes nothing. */
let began: number
let ahead: number
let n = 0
let runs = 0

beforeAll(async () => {
  ledger = await openLedger()
  const secret = "Zq3vTk8sWm5xYp2bRn7cLd4fHg9jKa6e"
  configureAccess(
    readAccessConfig({ ANDON_AUTH_SECRET: secret, ANDON_KEY_PEPPER: `${secret}!`, ANDON_URL: "http://127.0.0.1:4000" }),
  )
  ;[receiver, other, mail] = [await openReceiver(), await openReceiver(), await openMailServer()]
  options = {
    ...{ allowed: readAllowed(`${receiver.host},${other.host}`), origin: "http://127.0.0.1:4000" },
    ...{ mail: { url: mail.url, from: "Andon <andon@example.org>" }, pagerduty: receiver.url },
    ...{ clock: () => began + ahead, random: () => 0.5 },
  }
})
afterAll(async () => {
  await Promise.all([receiver.close(), other.close(), mail.close()])
  await ledger.close()
})
beforeEach(async () => {
  // What another test left waiting is not this one's.
  if (project)
    await ledger.query((tx) => tx`update alert_deliveries set state = 'dropped' where state = 'pending'`, project)
  project = (await ledger.addProject(`alerts-${n++}`)).project.id
  ;[began, ahead] = [Date.now(), 0]
  for (const one of [receiver, other]) {
    one.heard.length = 0
    one.answer(answers.ok)
  }
})

const within = <T>(work: Parameters<typeof withProject<T>>[1]) => withProject(project, work)
const add = (input: Partial<ChannelInput> = {}) =>
  within((tx) =>
    addChannel(
      tx,
      {
        ...{ kind: "webhook", name: `hook ${Math.random()}`, url: `${receiver.url}/in`, body_format: "andon" },
        ...{ min_severity: "low", kinds: [], workflows: [], escalation_level: 0 },
        ...input,
      } as ChannelInput,
      "user:ada@example.org",
    ),
  )
function condition(change: Partial<ConditionChange> = {}, workflow = "w"): ConditionChange {
  return {
    ...{ projectId: project, runId: `r${runs++}`, kind: "alarm", severity: "high", subject: "T01 ", isActive: true },
    at: new Date().toISOString(),
    about: { kind: "alarm", workflow, rule: "T01", step: null, reason: "cost is over its limit" },
    ...{ observed: "6.5", limit: "5", unit: "USD" },
    ...change,
  }
}
const settle = (...changes: ConditionChange[]) => ledger.query((tx) => settleConditions(tx, changes, "ingest"), project)
/** The worker's next turn, so many seconds later; a minute is longer than messages wait for each other. */
const turn = async (seconds = 60, more: Partial<WorkerOptions> = {}) => {
  ahead += seconds * 1000
  return await deliverDue({ ...options, ...more })
}
const log = async () => {
  const all = { channel: null, state: null, exception: null, cursor: null, limit: null }
  return (await within((tx) => listDeliveries(tx, all))).items
}
const states = async () => (await log()).map(({ action, state }) => `${action} ${state}`)
const channels = async () => (await within((tx) => listChannels(tx, Date.now()))).items
const act = async (what: ExceptionAct, more: object = {}) => {
  const [row] = await ledger.query(
    (tx) =>
      tx<
        { id: string; version: number }[]
      >`select id::text, version from exceptions where project_id = ${project} order by id desc limit 1`,
    project,
  )
  if (!row) throw new Error("no exception")
  await within((tx) => applyAct(tx, row.id, what, { version: row.version, ...more }, "user:ada@example.org"))
}
const bodies = () => receiver.heard.map(({ body }) => JSON.parse(body))

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
  began = Date.now()
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

it("tries again by the schedule and with the same id, then gives up and the other channels tell of it", async () => {
  await add({ name: "broken" })
  receiver.answer(answers.status(500))
  await settle(condition())
  expect(await turn()).toBe(1)
  for (const wait of RETRY_MS) {
    expect(await turn(wait / 1000 - 2)).toBe(0)
    expect(await turn(3)).toBe(1)
  }
  expect(new Set(receiver.heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1)
  expect(receiver.heard).toHaveLength(7)
  expect((await log())[0]).toMatchObject({ state: "parked", reason: "It answered 500.", tries: 7 })
  await add({ name: "working", url: `${other.url}/x` } as Partial<ChannelInput>)
  ahead = 0
  receiver.answer(answers.status(500))
  await settle(condition({}, "again"))
  await turn()
  expect(await turn()).toBe(1)
  expect(other.heard).toHaveLength(1)
  // The second message of the broken channel fails for good, too: only the other one hears of that.
  for (const wait of RETRY_MS) await turn(wait / 1000 + 1)
  await turn()
  expect(receiver.heard.some(({ body }) => body.includes("do not get through"))).toBe(false)
  receiver.answer(answers.ok)
  const parked = (await log()).find(({ state }) => state === "parked")
  await within((tx) => sendAgain(tx, parked?.id ?? ""))
  await turn()
  expect((await log()).find(({ id }) => id === parked?.id)).toMatchObject({ state: "delivered" })
})

it("that a channel fails is an exception, told by the others, and over when it works", async () => {
  await add({ name: "gone" })
  receiver.answer(answers.status(410))
  await settle(condition())
  await turn()
  const [gone] = await channels()
  expect(gone).toMatchObject({ state: "disabled", disabled_reason: "The address is gone: it answered 410." })
  await add({ name: "working", url: `${other.url}/x` } as Partial<ChannelInput>)
  const failure = "select state from exceptions where project_id = $1 and reason like 'Alerts to “gone”%'"
  const state = async () => (await ledger.query((tx) => tx.unsafe(failure, [project]), project))[0]?.state
  expect(await state()).toBe("unack_active")
  receiver.answer(answers.ok)
  await within((tx) =>
    changeChannel(tx, gone?.id ?? 0, { version: gone?.version ?? 0, state: "active" }, "user:ada@example.org"),
  )
  await within((tx) => queueTest(tx, gone?.id ?? 0))
  await turn()
  expect(receiver.heard.at(-1)?.body).toContain("alert.test")
})

it.each([
  ["429 with Retry-After", answers.status(429, { "retry-after": "120" }), "It answered 429: too many messages."],
  [
    "a redirect inside",
    answers.status(302, { location: "http://127.0.0.1:1/" }),
    "It answered 302: redirects are not followed.",
  ],
  ["silence", answers.never, "There was no answer within 0.3 s."],
  ["a cut connection", answers.cut, "The connection was cut."],
])("%s is a failed try in words", async (_what, answer, error) => {
  await add()
  receiver.answer(answer)
  await settle(condition())
  await turn(60, answer === answers.never ? { limitMs: 300 } : {})
  expect((await log())[0]).toMatchObject({ state: "pending", attempts: [{ error }] })
  expect((await channels())[0]).toMatchObject({ last_error: error, waiting: 1 })
})

it("a row that no message can be made of is a failed try, and holds up no other for good", async () => {
  await add()
  await settle(condition())
  await ledger.query((tx) => tx`update alert_deliveries set facts = '{}' where state = 'pending'`, project)
  await turn()
  expect((await log())[0]?.attempts[0]?.error).toBe("The message could not be written.")
  await settle(condition({}, "sound"))
  expect(await turn()).toBe(2)
  expect(receiver.heard).toHaveLength(1)
})

it("a receiver that asks for a pause gets it", async () => {
  await add()
  receiver.answer(answers.status(429, { "retry-after": "120" }))
  await settle(condition())
  await turn()
  expect(await turn(110)).toBe(0)
  expect(await turn(15)).toBe(1)
})

it.each([["endless" as const], ["slow" as const]])(
  "an answer that is %s counts by its status, and 1 KiB of it is kept",
  async (kind) => {
    await add()
    receiver.answer(answers[kind])
    await settle(condition())
    await turn(60, { limitMs: 2_000 })
    const [delivery] = await log()
    expect(delivery?.state).toBe("delivered")
    expect(Buffer.byteLength(delivery?.attempts[0]?.excerpt ?? "")).toBeLessThanOrEqual(1_024)
  },
)

it("Slack's 404 disables, PagerDuty's 400 is not tried again, and an address inside is never connected to", async () => {
  await add({ kind: "slack", name: "slack", url: `${receiver.url}/T/B/x` } as Partial<ChannelInput>)
  receiver.answer(answers.status(404))
  await settle(condition())
  await turn()
  expect((await channels())[0]?.state).toBe("disabled")
  receiver.answer(answers.status(400))
  await add({ kind: "pagerduty", name: "pd", routing_key: "k".repeat(32), region: "us" } as Partial<ChannelInput>)
  await settle(condition({}, "pd"))
  await turn()
  expect((await log()).filter(({ channel }) => channel.name === "pd")[0]?.state).toBe("parked")
  receiver.heard.length = 0
  const closed = { ...options, allowed: readAllowed("") }
  await add({ name: "inside" })
  await settle(condition({}, "inside"))
  ahead += 60_000
  await deliverDue(closed)
  expect(receiver.heard.filter(({ path }) => path === "/in")).toHaveLength(0)
  const inside = (await log()).find(({ channel, subject }) => channel.name === "inside" && subject.includes("inside"))
  expect(inside).toMatchObject({ state: "parked", attempts: [{ status: null }] })
})

it("of two servers one tells; one that dies before it has marked leaves it to the next, with the same id", async () => {
  const { id } = await add()
  await settle(condition())
  ahead = 60_000
  const tried = await Promise.all([deliverDue(options), deliverDue(options), deliverDue(options)])
  expect([tried.reduce((a, b) => a + b, 0), receiver.heard.length]).toEqual([1, 1])
  await settle(condition({}, "second"))
  ahead += 60_000
  const taken = await takeDue(project, id, options.clock(), () => "msg_died")
  expect(taken?.messages).toHaveLength(1)
  expect(await turn(60)).toBe(0)
  expect(await turn(70)).toBe(1)
  expect(receiver.heard.at(-1)?.headers["webhook-id"]).toBe("msg_died")
})

it("one that dies after it has sent and before it has marked sends again, with the same id", async () => {
  await add()
  await settle(condition())
  const dies = () => {
    throw new Error("killed")
  }
  expect(await turn(60, { random: dies })).toBe(0)
  expect(await turn(100)).toBe(0)
  expect(await turn(25)).toBe(1)
  const ids = receiver.heard.map(({ headers }) => headers["webhook-id"])
  expect([ids.length, new Set(ids).size]).toEqual([2, 1])
  expect(await states()).toEqual(["trigger delivered"])
})

it("mail goes out as one letter, and a refused one is not sent again", async () => {
  await add({ kind: "email", name: "mail", to: ["ops@example.org"] } as Partial<ChannelInput>)
  await settle(condition({}, "in\r\nBcc: evil@example.org"))
  await turn()
  const [letter = ""] = mail.mails
  expect(letter).toMatch(/^Subject: \[Andon\] High: Alarm: in Bcc: evil@example\.org/m)
  expect(letter).not.toMatch(/^Bcc:/m)
  mail.refuse("550 no such person")
  await settle(condition({}, "two"))
  await turn()
  expect((await log())[0]).toMatchObject({ state: "parked", reason: "The mail server refused it (550)." })
})

it("nothing that is kept or listed says a secret; a removed channel is only a name", async () => {
  const { id, signingSecret } = await add({ url: `${receiver.url}/services/geheimnis` })
  await settle(condition())
  await turn()
  const everything = JSON.stringify([
    await channels(),
    await log(),
    await ledger.query((tx) => tx`select * from alert_channels where project_id = ${project}`, project),
    await ledger.query((tx) => tx`select * from alert_deliveries where project_id = ${project}`, project),
  ])
  expect(everything).not.toContain("geheimnis")
  expect(everything).not.toContain(String(signingSecret).slice(6, 30))
  await within((tx) => removeChannel(tx, id, 1))
  expect(await channels()).toEqual([])
  const [row] = await ledger.query((tx) => tx`select sealed from alert_channels where project_id = ${project}`, project)
  expect(row?.sealed).toBeNull()
})

it("a channel whose address was sealed by another key is disabled, and takes its address anew", async () => {
  const { id } = await add()
  const own = accessConfig()
  configureAccess({ ...own, keyPepper: `another ${own.keyPepper}` })
  try {
    await settle(condition())
    await turn()
    expect(receiver.heard).toHaveLength(0)
    const [channel] = await channels()
    expect(channel?.disabled_reason).toMatch(/own key is another one/)
    const change = { version: channel?.version ?? 0, state: "active" as const }
    const by = "user:ada@example.org"
    await expect(within((tx) => changeChannel(tx, id, change, by))).rejects.toMatchObject({ field: "url" })
    const { signingSecret } = await within((tx) => changeChannel(tx, id, { ...change, url: `${receiver.url}/new` }, by))
    expect(signingSecret).toMatch(/^whsec_/)
    await within((tx) => queueTest(tx, id))
    await turn()
    expect(receiver.heard.map(({ path }) => path)).toEqual(["/new"])
  } finally {
    configureAccess(own)
  }
})

it("a signing secret that is made anew signs beside the old one for a day", async () => {
  const { id } = await add()
  await within((tx) => changeChannel(tx, id, { version: 1, rotate_secret: true }, "user:ada@example.org", began))
  const signatures = async (seconds: number) => {
    await within((tx) => queueTest(tx, id))
    await turn(seconds)
    return String(receiver.heard.at(-1)?.headers["webhook-signature"]).split(" ").length
  }
  expect([await signatures(60), await signatures(86_400)]).toEqual([2, 1])
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
