import { afterAll, beforeAll, beforeEach } from "vitest"
import { addChannel } from "@/access/alert-secrets"
import { configureAccess, readAccessConfig } from "@/access/config"
import { withProject } from "@/db/client"
import { listChannels, listDeliveries } from "@/db/queries/alerts"
import { type ConditionChange, settleConditions } from "@/ingest/exceptions"
import { openLedger } from "@/ingest/testing"
import { readAllowed } from "@/lib/alert-target"
import type { ChannelInput } from "@/lib/contracts/alerts"
import type { ExceptionAct } from "@/lib/vocabulary"
import { applyAct } from "@/policy/apply-act"
import { answers, openMailServer, openReceiver } from "./testing-receiver"
import { deliverDue, type WorkerOptions } from "./worker"

export let ledger: Awaited<ReturnType<typeof openLedger>>
export let receiver: Awaited<ReturnType<typeof openReceiver>>
export let other: Awaited<ReturnType<typeof openReceiver>>
export let mail: Awaited<ReturnType<typeof openMailServer>>
export let options: WorkerOptions
export let project: number
/** The worker's clock stands still but for what a test adds: how long a test takes changes nothing. */
export let began: number
export let ahead: number
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
    allowed: readAllowed(`${receiver.host},${other.host}`),
    origin: "http://127.0.0.1:4000",
    mail: { url: mail.url, from: "Andon <andon@example.org>" },
    pagerduty: receiver.url,
    clock: () => began + ahead,
    random: () => 0.5,
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

/** Moves the worker's clock: so far after the test began, milliseconds, or by so much more. */
export const wait = (ms: number) => {
  ahead += ms
}
export const setClock = (ms: number) => {
  ahead = ms
}
/** The test begins now. */
export const beginNow = () => {
  began = Date.now()
}

export const within = <T>(work: Parameters<typeof withProject<T>>[1]) => withProject(project, work)
export const add = (input: Partial<ChannelInput> = {}) =>
  within((tx) =>
    addChannel(
      tx,
      {
        kind: "webhook",
        name: `hook ${Math.random()}`,
        url: `${receiver.url}/in`,
        body_format: "andon",
        min_severity: "low",
        kinds: [],
        workflows: [],
        escalation_level: 0,
        ...input,
      } as ChannelInput,
      "user:ada@example.org",
    ),
  )
export function condition(change: Partial<ConditionChange> = {}, workflow = "w"): ConditionChange {
  return {
    projectId: project,
    runId: `r${runs++}`,
    kind: "alarm",
    severity: "high",
    subject: "T01 ",
    isActive: true,
    at: new Date().toISOString(),
    about: { kind: "alarm", workflow, rule: "T01", step: null, reason: "cost is over its limit" },
    observed: "6.5",
    limit: "5",
    unit: "USD",
    ...change,
  }
}
export const settle = (...changes: ConditionChange[]) =>
  ledger.query((tx) => settleConditions(tx, changes, "ingest"), project)
/** The worker's next turn, so many seconds later; a minute is longer than messages wait for each other. */
export const turn = async (seconds = 60, more: Partial<WorkerOptions> = {}) => {
  ahead += seconds * 1000
  return await deliverDue({ ...options, ...more })
}
export const log = async () => {
  const all = { channel: null, state: null, exception: null, cursor: null, limit: null }
  return (await within((tx) => listDeliveries(tx, all))).items
}
export const states = async () => (await log()).map(({ action, state }) => `${action} ${state}`)
export const channels = async () => (await within((tx) => listChannels(tx, Date.now()))).items
export const act = async (what: ExceptionAct, more: object = {}) => {
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
export const bodies = () => receiver.heard.map(({ body }) => JSON.parse(body))
