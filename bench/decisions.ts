import { cpus } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import postgres from "postgres"
import { closePools, configureDatabase } from "@/db/client"
import { openDatabase } from "@/db/connect"
import type { Backtest } from "@/lib/contracts/policies"
import { DAY_MS } from "@/lib/time"
import { type Booted, bootServer } from "@/server/testing"
import { foreignShare, sampleCpu } from "./cpu"
import { fillExceptions, fillPast, PAST_DAYS } from "./decision-fill"
import { measureDirectives, runAway } from "./decision-stops"

const ANSWERS = 40
const WARM_UP = 4
/** Pages of fifty. */
const DEEP = 40

type Print = (line?: string) => void
/** A call of a signed-in administrator. @throws when the answer is not one of success. */
export type Ask = <T>(method: "GET" | "POST" | "DELETE", path: string, body?: unknown) => Promise<T>

type Bench = { server: Booted; ask: Ask; size: number; print: Print }

export const at = (times: readonly number[], share: number): number => {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0)
const seconds = (value: number) => (value / 1000).toFixed(1)

/**
 * The decision layer at size, on the server as it serves: the queue with 100,000 exceptions, a draft over 100,000 runs of 30 days while people read the queue, how
 * soon a runner can read what the ingest has acknowledged, and a loop that runs away.
 * @param size how many runs, and how many exceptions.
 */
export async function benchDecisions(size: number, print: Print): Promise<void> {
  const server = await bootServer({ env: { ANDON_INIT_PROJECT: "bench" } })
  try {
    await fillAll(server, size)
    const ask = await logIn(server)
    print(`${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
    for (const part of [queue, backtests, stops]) {
      print()
      const before = sampleCpu([process.pid, server.pid])
      await part({ server, ask, size, print })
      const foreign = foreignShare(before, sampleCpu([process.pid, server.pid]))
      print()
      print(`Foreign CPU meanwhile: ${foreign === null ? "?" : `${Math.round(foreign * 100)} %`}.`)
    }
  } finally {
    await server.dispose()
  }
}

async function fillAll(server: Booted, size: number): Promise<void> {
  const database = await openDatabase({ ANDON_DATA_DIR: server.dataDir }, () => {}, "attach")
  configureDatabase(database.app)
  const owner = postgres({ ...database.owner, max: 2, onnotice: () => {} })
  try {
    const [bench] = await owner<{ id: number }[]>`select id from projects where slug = 'bench'`
    const [added] = await owner<
      { id: number }[]
    >`insert into projects (slug, name) values ('template', 'template') returning id`
    await fillPast(owner, bench?.id as number, added?.id as number, size)
    await fillExceptions(owner, bench?.id as number, size)
    await owner.unsafe("vacuum analyze")
  } finally {
    await owner.end({ timeout: 5 })
    await closePools()
    await database.stop()
  }
}

async function logIn(server: Booted): Promise<Ask> {
  const head = { origin: server.url, "content-type": "application/json" }
  const answer = await fetch(`${server.url}/api/auth/login`, {
    method: "POST",
    headers: head,
    body: JSON.stringify(server.admin),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0]
  if (!cookie) throw new Error(`the log-in was answered ${answer.status}`)
  return async <T>(method: string, path: string, body?: unknown) => {
    const answered = await fetch(server.url + path, {
      method,
      headers: { ...head, cookie, "sec-fetch-site": "same-origin" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answered.text()
    if (!answered.ok) throw new Error(`${method} ${path} was answered ${answered.status}: ${text.slice(0, 300)}`)
    return (text.startsWith("{") ? JSON.parse(text) : text) as T
  }
}

async function queue({ ask, size, print }: Bench): Promise<void> {
  let cursor: string | null = null
  for (let page = 0; page < DEEP; page++) {
    const more: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`
    cursor = (await ask<{ next_cursor: string | null }>("GET", `/api/v1/exceptions${more}`)).next_cursor
  }
  const { items } = await ask<{ items: { id: string }[] }>("GET", "/api/v1/exceptions")
  const ways: [string, string][] = [
    ["what is open", ""],
    ["critical", "severity=critical"],
    ["one workflow", "workflow=workflow-3"],
    ["of one person", "assignee=user-3"],
    ["critical halts and quarantines of two workflows", `${TWO}&severity=critical&kind=halt&kind=quarantine`],
    ["resolved", "state=resolved"],
    [`page ${DEEP}`, `cursor=${encodeURIComponent(cursor ?? "")}`],
  ]
  const paths: [string, string][] = [
    ...ways.map(([name, query]): [string, string] => [`/exceptions, ${name}`, `/exceptions?${query}`]),
    ["/halted", "/halted"],
    ["/exceptions/numbers", "/exceptions/numbers"],
    ["/exceptions/{id}", `/exceptions/${items[0]?.id}`],
    ...ways.map(([name, query]): [string, string] => [`API, ${name}`, `/api/v1/exceptions?${query}`]),
    ["API, halts", "/api/v1/exceptions?kind=halt"],
    ["API, numbers", "/api/v1/exceptions/numbers"],
  ]
  print(`### The queue with ${size.toLocaleString("en-US")} exceptions`)
  print()
  print("| page or call | p50 ms | p95 ms |")
  print("| --- | ---: | ---: |")
  for (const [name, path] of paths) {
    const times: number[] = []
    for (let i = 0; i < WARM_UP + ANSWERS; i++) times.push(await timed(ask, path))
    const counted = times.slice(WARM_UP)
    print(`| ${name} | ${ms(at(counted, 0.5))} | ${ms(at(counted, 0.95))} |`)
  }
}
const TWO = "workflow=workflow-3&workflow=workflow-4"

async function timed(ask: Ask, path: string): Promise<number> {
  const startedAt = performance.now()
  await ask("GET", `${path}${path.includes("?") ? "&" : "?"}project=bench`)
  return performance.now() - startedAt
}

const DRAFT = {
  max_cost_run: "0.4",
  max_steps: 10,
  max_duration_s: 3_600,
  max_step_duration_s: 600,
  max_retries_per_step: 2,
  loop: {},
}

async function backtests({ ask, size, print }: Bench): Promise<void> {
  const path = "/api/v1/policies/backtest?project=bench"
  const range = {
    from: new Date(Date.now() - (PAST_DAYS + 1) * DAY_MS).toISOString(),
    to: new Date(Date.now() + DAY_MS).toISOString(),
  }
  const begin = () => ask("POST", path, { workflow: "", document: DRAFT, ...range })
  const until = async (isThere: (state: Backtest) => boolean, onLook: () => Promise<unknown>) => {
    for (;;) {
      const state = await ask<Backtest>("GET", path)
      if (isThere(state)) return state
      await onLook()
      await sleep(100)
    }
  }
  const pages: number[] = []
  const seen = new Set<number>()
  let startedAt = performance.now()
  await begin()
  const ended = await until(
    (state) => {
      seen.add(state.done)
      return state.state !== "running"
    },
    async () => pages.push(await timed(ask, "/exceptions")),
  )
  const took = performance.now() - startedAt
  if (ended.state !== "done" || !ended.result) throw new Error(`the backtest ended as ${ended.state}: ${ended.message}`)
  await begin()
  await until(
    ({ done }) => done > size / 20,
    async () => {},
  )
  startedAt = performance.now()
  await ask("DELETE", path)
  const cancelled = await until(
    ({ state }) => state !== "running",
    async () => {},
  )
  const { runs, halts, false_stops } = ended.result
  print(`### A draft over ${runs.toLocaleString("en-US")} runs of ${PAST_DAYS} days`)
  print()
  print("| | |")
  print("| --- | ---: |")
  print(`| whole, s | ${seconds(took)} |`)
  print(`| ${halts} halts, ${false_stops} of them false; figures of its progress that were seen | ${seen.size} |`)
  print(`| answer of /exceptions meanwhile, p50 and p95 ms | ${ms(at(pages, 0.5))}, ${ms(at(pages, 0.95))} |`)
  print(
    `| from the cancelling to its end (${cancelled.state}), ms, looked at every 100 | ${ms(performance.now() - startedAt)} |`,
  )
}

async function stops({ server, ask, print }: Bench): Promise<void> {
  const told = await measureDirectives(server, ask)
  print("### Directives and a loop that runs away")
  print()
  print("| | |")
  print("| --- | ---: |")
  print(
    `| batches that crossed a limit, under ${Math.round(told.load).toLocaleString("en-US")} events/s | ${told.times.length} |`,
  )
  print(`| answered with the directive in the batch itself | ${told.inAnswer} |`)
  print(
    `| from the acknowledgement to the runner's long poll, p50, p99, most, ms | ${[at(told.times, 0.5), at(told.times, 0.99), at(told.times, 1)].map(ms).join(", ")} |`,
  )
  const begun = await runAway(server, ask)
  print(
    `| loops of 20 steps a second with a limit of 10: steps begun after the one that crossed it, at most | ${Math.max(...begun) - 10} |`,
  )
}
