import { readFileSync, writeFileSync } from "node:fs"
import { cpus, totalmem } from "node:os"
import { setTimeout as sleep } from "node:timers/promises"
import { parseArgs } from "node:util"
import postgres from "postgres"
import { closePools, configureDatabase, pool } from "@/db/client"
import { openDatabase } from "@/db/connect"
import { withOwner } from "@/db/owner"
import { audit } from "@/db/queries/audit"
import { progress } from "@/scripts/lib/progress"
import { bootServer } from "@/server/testing"
import { COPIED_TABLES, copyRows, takeRows } from "./copy-baseline"
import { residentMegabytes } from "./cpu"
import { benchDecisions } from "./decisions"
import { DAYS, fill } from "./fill"
import { type Load, measure } from "./ingest"
import { benchPages } from "./pages"
import { measurePolicies } from "./policies"
import { READS, timeRead } from "./read"
import { makeTemplate } from "./template"
import { EVENTS_PER_RUN, OTLP_SPANS_PER_RUN, SPANS_PER_RUN } from "./workload"

/**
 * `npm run bench [-- --quick] [--write] [--otlp] [--policies] [--decisions] [--pages [--spans N]]`: how fast the real server is, beside what its database can do at best in the same run. The generator shares the
 * processors with the server and the database. `--quick` leaves out what needs millions of stored spans; `--write` puts the tables into bench/README.md. `--pages`
 * times the pages in a browser instead, on the demo data and, with `--spans`, beside that many stored spans; `--otlp` only how OTLP compares with native events, `--policies` what judging every run costs; `--decisions` the queue, backtests and directives at size.
 */
const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    pages: { type: "boolean", default: false },
    spans: { type: "string", default: "0" },
    otlp: { type: "boolean", default: false },
    policies: { type: "boolean", default: false },
    decisions: { type: "boolean", default: false },
  },
})
const SECONDS = 5
const GRID: Load[] = [1, 10, 100, 500].flatMap((batch) =>
  [1, 8, 32].map((connections) => ({ batch, connections, seconds: SECONDS })),
)
const KEY_LOADS: Load[] = [
  { batch: 100, connections: 8, seconds: SECONDS },
  { batch: 1, connections: 32, seconds: SECONDS },
]
const LIGHT: Load = { batch: 1, connections: 1, seconds: SECONDS, perSecond: 20 }
const SIZES = flags.quick ? [100_000] : [100_000, 1_000_000, 5_000_000, 10_000_000]
const INGEST_AT = 5_000_000

const lines: string[] = []
const print = (line = "") => {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}
const round = (value: number) => Math.round(value).toLocaleString("en-US")
const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0)
const share = (value: number | null) => (value === null ? "?" : `${Math.round(value * 100)} %`)

async function main(): Promise<void> {
  const server = await bootServer({ env: { ANDON_INIT_PROJECT: "bench" } })
  const database = await openDatabase({ ANDON_DATA_DIR: server.dataDir }, () => {}, "attach")
  configureDatabase(database.app)
  const fillers = postgres({ ...database.owner, max: 2, onnotice: () => {} })
  try {
    await withOwner(database.owner, async (owner) => {
      const target = { port: server.port, key: server.key, pid: server.pid }
      const projectId = (await owner<{ id: number }[]>`select id from projects where slug = 'bench'`)[0]?.id as number
      const addProject = async (slug: string) =>
        (await owner<{ id: number }[]>`insert into projects (slug, name) values (${slug}, ${slug}) returning id`)[0]
          ?.id as number

      print(
        `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${database.kind} PostgreSQL`,
      )
      print()
      await sleep(5_000)
      print(`Memory of the web process, idle after the start: ${residentMegabytes(server.pid)} MB.`)
      print()

      if (flags.otlp) {
        await otlpTable(target)
        return
      }
      if (flags.policies) {
        await policiesTable(owner, { ...target, dataDir: server.dataDir })
        return
      }
      print("### Ingest over HTTP, near-empty database")
      print()
      await ingestTable(target, [...GRID, LIGHT])
      print()
      await otlpTable(target)
      print()
      await policiesTable(owner, { ...target, dataDir: server.dataDir })
      // The baseline reads back what the server wrote, so the rows are the same to the byte.
      const ingest = await measure(target, KEY_LOADS[0] as Load)
      const copyProject = await addProject("copy")
      const rows = await takeRows(database.owner, projectId, copyProject, 60_000)
      const copy = await copyRows(pool("maintenance"), copyProject, rows)
      await removeRows(owner, copyProject)
      print()
      print(
        `COPY of the same rows into the same indexed tables: ${round(copy)} events/s; ingest at 100 × 8 right before it: ${round(ingest.eventsPerSecond)} (${share(ingest.eventsPerSecond / copy)} of COPY, foreign CPU ${share(ingest.foreign)}).`,
      )
      print()

      const template = await makeTemplate(await addProject("template"), Math.max(...SIZES))
      let stored = 0
      for (const size of SIZES) {
        const bar = progress(`filling to ${size.toLocaleString("en-US")} spans`, DAYS, { unit: "days" })
        await fill(fillers, { template, projectId, from: stored, to: size, onProgress: (done) => bar.update(done) })
        bar.finish(`filled to ${size.toLocaleString("en-US")} spans`)
        stored = size
        if (size === INGEST_AT) {
          print(`### Ingest over HTTP on ${round(size)} stored spans`)
          print()
          await ingestTable(target, KEY_LOADS)
          print()
        } else await readTable(server.url, server.key, owner, projectId, size)
      }
      print(`Memory of the web process after all of it: ${residentMegabytes(server.pid)} MB.`)
      const report = await audit(owner, { ledger: false })
      print(
        `Audit of what is stored at the end: ${report.found} differences (${(report.milliseconds / 1000).toFixed(0)} s).`,
      )
    })
    if (flags.write) writeResults("results")
  } finally {
    await fillers.end({ timeout: 5 })
    await closePools()
    await database.stop()
    await server.dispose()
  }
}

/**
 * The two ways in in turns, so that a machine that slows down slows both. Counted are spans: of what is sent natively, a run's start and end are none,
 * whereas every span of OTLP is one. A request holds five whole runs; what cutting one in each costs, with an agent that comes after its calls, stands beside.
 */
async function otlpTable(target: { port: number; key: string; pid: number }): Promise<void> {
  print("| batches of 100 × 8 connections | sent/s | spans/s | p50 ms | p99 ms | foreign CPU |")
  print("| --- | ---: | ---: | ---: | ---: | ---: |")
  const ways = [
    { name: "native JSON", share: SPANS_PER_RUN / EVENTS_PER_RUN, more: {} },
    { name: "OTLP protobuf", share: 1, more: { otlpSpansPerRun: OTLP_SPANS_PER_RUN } },
    { name: "OTLP protobuf, runs cut", share: 1, more: { otlpSpansPerRun: OTLP_SPANS_PER_RUN - 1 } },
  ].map((way) => ({ ...way, rates: [] as number[] }))
  for (let turn = 0; turn < 3; turn++) {
    for (const { name, share: part, more, rates } of ways) {
      const m = await measure(target, { batch: 100, connections: 8, seconds: SECONDS, ...more })
      rates.push(m.eventsPerSecond * part)
      print(
        `| ${name} | ${round(m.eventsPerSecond)} | ${round(m.eventsPerSecond * part)} | ${ms(m.p50)} | ${ms(m.p99)} | ${share(m.foreign)} |`,
      )
    }
  }
  const [native, whole, cut] = ways.map(({ rates }) => rates.sort((a, b) => a - b)[1] as number) as [
    number,
    number,
    number,
  ]
  print()
  print(
    `OTLP protobuf at ${share(whole / native)} of native JSON per span (medians), at ${share(cut / native)} where requests cut runs.`,
  )
}

async function policiesTable(owner: postgres.Sql, server: Parameters<typeof measurePolicies>[1]): Promise<void> {
  print("| batch × connections | policies | events/s | p50 ms | p99 ms | foreign CPU |")
  print("| --- | --- | ---: | ---: | ---: | ---: |")
  const shares = await measurePolicies(owner, server, ({ load, isOn, measured: m }) =>
    print(
      `| ${load.batch} × ${load.connections} | ${isOn ? "on" : "off"} | ${round(m.eventsPerSecond)} | ${ms(m.p50)} | ${ms(m.p99)} | ${share(m.foreign)} |`,
    ),
  )
  print()
  for (const { load, share: part } of shares)
    print(
      `With every run judged, ${load.batch} × ${load.connections} goes at ${share(part)} of the rate without policies (medians).`,
    )
}

async function ingestTable(target: { port: number; key: string; pid: number }, loads: readonly Load[]): Promise<void> {
  print("| batch × connections | events/s | p50 ms | p99 ms | foreign CPU |")
  print("| --- | ---: | ---: | ---: | ---: |")
  for (const load of loads) {
    const m = await measure(target, load)
    const name = load.perSecond
      ? `${load.batch} × ${load.connections}, ${load.perSecond} a second`
      : `${load.batch} × ${load.connections}`
    print(`| ${name} | ${round(m.eventsPerSecond)} | ${ms(m.p50)} | ${ms(m.p99)} | ${share(m.foreign)} |`)
  }
}

async function readTable(
  url: string,
  key: string,
  owner: postgres.Sql,
  projectId: number,
  size: number,
): Promise<void> {
  print(`### Read API at ${round(size)} spans over ${DAYS} days`)
  print()
  print("| call | p50 ms | p95 ms | kB |")
  print("| --- | ---: | ---: | ---: |")
  const run = (
    await owner<
      { id: string }[]
    >`select id from runs where project_id = ${projectId} order by started_at desc limit 1 offset 40`
  )[0]?.id as string
  for (const read of READS) {
    const t = await timeRead(`${url}${read.path(encodeURIComponent(run))}`, key)
    print(`| ${read.name} | ${ms(t.p50)} | ${ms(t.p95)} | ${(t.bytes / 1024).toFixed(1)} |`)
  }
  print()
}

/** Rows that were written only to time the writing are no project's history. */
async function removeRows(owner: postgres.Sql, projectId: number): Promise<void> {
  for (const table of COPIED_TABLES) await owner.unsafe(`delete from ${table} where project_id = ${projectId}`)
}

/** The last results stand between a mark and the next mark or chapter, or the end. */
function writeResults(mark: string): void {
  const file = new URL("./README.md", import.meta.url)
  const text = readFileSync(file, "utf8")
  const [head = "", rest = ""] = text.split(`<!-- ${mark} -->`)
  const after = /^(## |<!-- )[\s\S]*$/m.exec(rest)?.[0] ?? ""
  writeFileSync(file, `${head}<!-- ${mark} -->\n\n${lines.join("\n")}\n${after && `\n${after}`}`)
}

if (flags.decisions) {
  await benchDecisions(flags.quick ? 10_000 : 100_000, print)
  if (flags.write) writeResults("decisions")
} else if (flags.pages) {
  await benchPages(Number(flags.spans), print)
  if (flags.write) writeResults("pages")
} else await main()
