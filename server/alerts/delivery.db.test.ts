import { expect, it } from "vitest"
import { changeChannel, removeChannel } from "@/access/alert-secrets"
import { accessConfig, configureAccess } from "@/access/config"
import { queueTest, sendAgain } from "@/db/queries/alert-writes"
import { readAllowed } from "@/lib/alert-target"
import type { ChannelInput } from "@/lib/contracts/alerts"
import { RETRY_MS } from "@/policy/apply-delivered"
import { takeDue } from "@/policy/apply-deliveries"
import {
  add,
  began,
  bodies,
  channels,
  condition,
  ledger,
  log,
  mail,
  options,
  other,
  project,
  receiver,
  setClock,
  settle,
  states,
  turn,
  wait,
  within,
} from "./testing"
import { answers } from "./testing-receiver"
import { deliverDue } from "./worker"

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
  setClock(0)
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
  receiver.heard.length = 0
  await within((tx) => sendAgain(tx, parked?.id ?? ""))
  expect(await turn(1)).toBe(1)
  expect(receiver.heard.map(({ headers }) => headers["webhook-id"])).toEqual([parked?.message_id])
  expect((await log()).find(({ id }) => id === parked?.id)).toMatchObject({ state: "delivered", tries: 8 })
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
  expect(await state()).toBe("unack_cleared")
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
  wait(60_000)
  await deliverDue(closed)
  expect(receiver.heard.filter(({ path }) => path === "/in")).toHaveLength(0)
  const inside = (await log()).find(({ channel, subject }) => channel.name === "inside" && subject.includes("inside"))
  expect(inside).toMatchObject({ state: "parked", attempts: [{ status: null }] })
})

it("of two servers one tells; one that dies before it has marked leaves it to the next, with the same id", async () => {
  const { id } = await add()
  await settle(condition())
  setClock(60_000)
  const tried = await Promise.all([deliverDue(options), deliverDue(options), deliverDue(options)])
  expect([tried.reduce((a, b) => a + b, 0), receiver.heard.length]).toEqual([1, 1])
  await settle(condition({}, "second"))
  wait(60_000)
  const taken = await takeDue(project, id, options.clock(), () => "msg_died")
  expect(taken?.message.rows).toHaveLength(1)
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

it("a try that our own end cuts is given back: it counts for nothing, goes at once under its id, and may have been heard", async () => {
  await add()
  const cutTry = async () => {
    const stopping = new AbortController()
    receiver.answer(() => stopping.abort())
    await turn(60, { stopping: stopping.signal })
    receiver.answer(answers.ok)
  }
  const row = async () => (await ledger.query((tx) => tx`select tries, leased_until from alert_deliveries`, project))[0]
  const change = condition()
  await settle(change)
  await cutTry()
  expect(await row()).toMatchObject({ tries: 0, leased_until: null })
  expect(await turn(0)).toBe(1)
  expect(new Set(receiver.heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1)
  expect((await log())[0]).toMatchObject({ state: "delivered", tries: 1 })
  const heard = condition({}, "heard")
  await settle(heard)
  await cutTry()
  await settle({ ...heard, isActive: false })
  await turn()
  expect(bodies().at(-1)).toMatchObject({ type: "alert.resolved", data: { total: 1 } })
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
