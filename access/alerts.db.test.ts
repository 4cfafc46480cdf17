import { afterAll, beforeAll, expect, test } from "vitest"
import type { ProjectActor } from "@/access/actor"
import {
  addAlertChannel,
  changeAlertChannel,
  changeAlertSettings,
  removeAlertChannel,
  sendAlertAgain,
  testAlertChannel,
} from "@/access/alerts"
import { listAudit } from "@/access/audit"
import {
  addProjectForTest,
  installForTest,
  joinForTest,
  ORIGIN,
  openTestInstallation,
  type TestInstallation,
} from "@/access/testing"
import { sql, withProject } from "@/db/client"
import { listChannels, listDeliveries } from "@/db/queries/alerts"
import { alertsHealth } from "@/db/queries/alerts-health"
import { toldOf } from "@/db/queries/alerts-told"
import { ChannelInput } from "@/lib/contracts/alerts"

let place: TestInstallation
let admin: ProjectActor
let operator: ProjectActor
let elsewhere: ProjectActor

const TOKEN = "a-token-that-nobody-may-read-x9f2"
// A number: nobody is asked what a name means.
const draft = (given: object = {}) =>
  ChannelInput.parse({ kind: "webhook", name: "#ops", url: `https://8.8.8.8/hooks/${TOKEN}`, ...given })
const channels = async (actor: ProjectActor) =>
  (await withProject(actor.project.id, (tx) => listChannels(tx, Date.now()))).items
const inAdmins = async (strings: TemplateStringsArray, ...values: unknown[]) =>
  await withProject(admin.project.id, async (tx) => [...(await tx.execute(sql(strings, ...values)))])

beforeAll(async () => {
  place = await openTestInstallation()
  const installed = await installForTest()
  admin = installed.admin
  elsewhere = await addProjectForTest(installed.user, "South")
  operator = await joinForTest(admin, "operator")
})
afterAll(async () => await place.close())

test("a channel is an admin's alone, in its own project, and its address comes out nowhere", async () => {
  await expect(addAlertChannel(operator, draft(), ORIGIN)).rejects.toMatchObject({ code: "forbidden" })
  const { channel, signing_secret } = await addAlertChannel(admin, draft(), ORIGIN)
  expect(channel).toMatchObject({ name: "#ops", target: "8.8.8.8/…x9f2", state: "active", version: 1 })
  expect(signing_secret).toMatch(/^whsec_/)
  await expect(addAlertChannel(admin, draft({ name: "#OPS" }), ORIGIN)).rejects.toMatchObject({ field: "name" })

  expect(await channels(elsewhere)).toEqual([])
  for (const act of [
    () => changeAlertChannel(elsewhere, channel.id, { version: 1, name: "taken" }, ORIGIN),
    () => removeAlertChannel(elsewhere, channel.id, 1, ORIGIN),
    () => testAlertChannel(elsewhere, channel.id, ORIGIN),
  ])
    await expect(act()).rejects.toMatchObject({ code: "not_found" })

  const turned = await changeAlertChannel(admin, channel.id, { version: 1, rotate_secret: true }, ORIGIN)
  expect(turned.signing_secret).not.toBe(signing_secret)
  await expect(changeAlertChannel(admin, channel.id, { version: 1, name: "late" }, ORIGIN)).rejects.toMatchObject({
    code: "conflict",
    field: "version",
    current: { version: 2 },
  })
  const kept = JSON.stringify([
    await inAdmins`select * from alert_channels`,
    (await listAudit(admin, { cursor: null, limit: 100 })).items,
  ])
  expect(kept).toContain("alert_channel.changed")
  for (const secret of [TOKEN, signing_secret, turned.signing_secret]) expect(kept).not.toContain(secret)
})

test("an address inside is refused before anything is kept", async () => {
  for (const url of ["https://10.0.0.1/hook", "https://[::ffff:127.0.0.1]/hook", "http://8.8.8.8/hook"])
    await expect(addAlertChannel(admin, draft({ name: "inside", url }), ORIGIN)).rejects.toMatchObject({
      code: "webhook_target_forbidden",
    })
  expect((await channels(admin)).map(({ name }) => name)).toEqual(["#ops"])
})

test("everybody hears which channel fails, and who was told; what a person disabled does not count as failing", async () => {
  const [channel] = await channels(admin)
  if (!channel) throw new Error("the channel of the first test is gone")
  const health = () => withProject(operator.project.id, alertsHealth)
  expect(await health()).toEqual({ channels: 1, failing: [] })
  const id = await testAlertChannel(admin, channel.id, ORIGIN)
  await inAdmins`update alert_channels set failing_since = '2026-11-20T10:00:00Z', last_error = 'It answered 500.'`
  expect((await health()).failing).toEqual([
    { id: channel.id, name: "#ops", is_disabled: false, since: "2026-11-20T10:00:00.000Z", reason: "It answered 500." },
  ])

  const told = () => withProject(operator.project.id, (tx) => toldOf(tx, "7"))
  expect(await told()).toEqual({ items: [], next_cursor: null, count: null, has_channels: true })
  await inAdmins`insert into alert_attempts (project_id, message_id, n, at, ms, status, error, excerpt)
    values (${admin.project.id}, 'msg_1', 1, now(), 5, 500, 'It answered 500.', null)`
  await inAdmins`update alert_deliveries set action = 'trigger', exception_id = 7, message_id = 'msg_1', tries = 1 where id = ${id}::bigint`
  expect((await told()).items).toMatchObject([
    { channel: "#ops", action: "trigger", state: "pending", error: "It answered 500." },
  ])
  await expect(sendAlertAgain(admin, id, ORIGIN)).rejects.toMatchObject({ code: "conflict" })
  await expect(sendAlertAgain(elsewhere, id, ORIGIN)).rejects.toMatchObject({ code: "not_found" })

  const off = await changeAlertChannel(admin, channel.id, { version: channel.version, state: "disabled" }, ORIGIN)
  expect(await health()).toEqual({ channels: 0, failing: [] })
  await removeAlertChannel(admin, channel.id, off.channel.version, ORIGIN)
  expect(await told(), "its name stays with what it was told").toMatchObject({
    has_channels: false,
    items: [{ channel: "#ops" }],
  })
  const log = await withProject(admin.project.id, (tx) =>
    listDeliveries(tx, { channel: null, state: null, exception: "7", cursor: null, limit: null }),
  )
  expect(log.items.map((one) => [one.id, one.channel.name])).toEqual([[id, "#ops"]])
})

test("how long silence may last is an admin's to say, and the log has what it was", async () => {
  await expect(changeAlertSettings(operator, { no_data_minutes: 5 }, ORIGIN)).rejects.toMatchObject({
    code: "forbidden",
  })
  await changeAlertSettings(admin, { no_data_minutes: 15 }, ORIGIN)
  await changeAlertSettings(admin, { no_data_minutes: null }, ORIGIN)
  const { items } = await listAudit(admin, { cursor: null, limit: 1 })
  expect(items[0]).toMatchObject({
    action: "alert_settings.changed",
    before: { no_data_minutes: 15 },
    after: { no_data_minutes: null },
  })
})
