import { execFileSync } from "node:child_process"
import { cpus } from "node:os"
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test"
import postgres from "postgres"
import { closePools, configureDatabase } from "@/db/client"
import { openDatabase } from "@/db/connect"
import { withOwner } from "@/db/owner"
import { findBrowser } from "@/scripts/lib/find-browser.mjs"
import { progress } from "@/scripts/lib/progress"
import { type Booted, bootServer } from "@/server/testing"
import { DAYS, fill } from "./fill"
import { FILTER_CHANGES, PAGES, type PageCase } from "./page-cases"
import { observe, readPaint } from "./page-paint"
import { sendToday } from "./page-today"
import { benchTrace } from "./page-trace"
import { makeTemplate } from "./template"

const ANSWERS = 40
const LOADS = 24
const CHANGES = 30

type Print = (line?: string) => void
const at = (times: number[], share: number) => {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0)
const kb = (bytes: number) => (bytes / 1000).toFixed(0)

/**
 * Times the pages as they are served for production, in headless Chromium on the processors that also serve: the server's answer, what is painted, what
 * moves, what is loaded; a change of filters; the longest trace; a halt's way to an open page.
 * @param spans stored in a second project, beside the demo data; 0 = the demo data alone.
 */
export async function benchPages(spans: number, print: Print): Promise<void> {
  const server = await bootServer({ env: { ANDON_INIT_PROJECT: "bench" } })
  const browser = await launch()
  try {
    for (const scenario of ["demo", "huge-run"]) seed(server, scenario)
    if (spans > 0) {
      await fillBench(server, spans)
      await sendToday(server)
    }
    const context = await logIn(browser, server)
    print(
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, Chromium ${browser.version()}`,
    )
    print()
    for (const project of spans > 0 ? ["demo", "bench"] : ["demo"]) {
      const size = project === "demo" ? "the demo data" : `${spans.toLocaleString("en-US")} spans`
      print(`### Pages on ${size}`)
      print()
      print(
        "| page | answer p50 ms | p95 ms | largest paint p50 ms | p95 ms | shift | script kB gzip | requests for data |",
      )
      print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
      for (const page of PAGES) print(await pageRow(context, server, project, page))
      print()
      print("| filter change | to new data p50 ms | p95 ms |")
      print("| --- | ---: | ---: |")
      for (const change of FILTER_CHANGES) {
        const times = await change.time(context, server.url, project, CHANGES)
        print(`| ${change.name} | ${ms(at(times, 0.5))} | ${ms(at(times, 0.95))} |`)
      }
      print()
    }
    await benchTrace(context, server, print)
  } finally {
    await browser.close()
    await server.dispose()
  }
}

async function pageRow(context: BrowserContext, server: Booted, project: string, page: PageCase): Promise<string> {
  const url = `${server.url}${page.path(project)}`
  const answers: number[] = []
  for (let i = 0; i < ANSWERS + 3; i++) {
    const startedAt = performance.now()
    const answer = await context.request.get(url)
    if (answer.status() !== 200) throw new Error(`${url} answered ${answer.status()}`)
    await answer.body()
    if (i >= 3) answers.push(performance.now() - startedAt)
  }
  const paints: number[] = []
  let [shift, script, requests] = [0, 0, 0]
  for (let i = 0; i < LOADS; i++) {
    const tab = await context.newPage()
    await observe(tab)
    // A tab that was just opened still starts its process, on the processors that are to serve and paint.
    await settle(tab)
    await tab.goto(url, { waitUntil: "load" })
    await settle(tab)
    const paint = await readPaint(tab)
    await tab.close()
    if (i > 0) paints.push(paint.largestMs)
    shift = Math.max(shift, paint.shift)
    script = Math.max(script, paint.scriptBytes)
    requests = Math.max(requests, paint.dataRequests)
  }
  return `| ${page.name} | ${ms(at(answers, 0.5))} | ${ms(at(answers, 0.95))} | ${ms(at(paints, 0.5))} | ${ms(at(paints, 0.95))} | ${shift === 0 ? "0" : shift.toFixed(4)} | ${kb(script)} | ${requests} |`
}

/** What a tab or a page does of itself after opening is done by then. */
const settle = (tab: Page) => tab.waitForTimeout(700)

async function launch(): Promise<Browser> {
  const executablePath = await findBrowser((text: string) => process.stderr.write(`${text}\n`))
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] })
}

async function logIn(browser: Browser, server: Booted): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1440, height: 900 } })
  const answer = await context.request.post("/api/auth/login", { headers: { origin: server.url }, data: server.admin })
  if (!answer.ok()) throw new Error(`the log-in was answered ${answer.status()}`)
  return context
}

function seed(server: Booted, scenario: string): void {
  execFileSync(process.execPath, ["--import", "tsx", "scripts/seed.ts", scenario], {
    env: { ...process.env, ANDON_DATA_DIR: server.dataDir },
    stdio: ["ignore", "ignore", "inherit"],
  })
}

async function fillBench(server: Booted, spans: number): Promise<void> {
  const database = await openDatabase({ ANDON_DATA_DIR: server.dataDir }, () => {}, "attach")
  configureDatabase(database.app)
  const fillers = postgres({ ...database.owner, max: 2, onnotice: () => {} })
  try {
    await withOwner(database.owner, async (owner) => {
      const [bench] = await owner<{ id: number }[]>`select id from projects where slug = 'bench'`
      const [added] = await owner<
        { id: number }[]
      >`insert into projects (slug, name) values ('template', 'template') returning id`
      const template = await makeTemplate(added?.id as number, spans)
      const bar = progress(`filling to ${spans.toLocaleString("en-US")} spans`, DAYS, { unit: "days" })
      await fill(fillers, {
        template,
        projectId: bench?.id as number,
        from: 0,
        to: spans,
        withVerdicts: true,
        onProgress: (done) => bar.update(done),
      })
      bar.finish(`filled to ${spans.toLocaleString("en-US")} spans`)
    })
  } finally {
    await fillers.end({ timeout: 5 })
    await closePools()
    await database.stop()
  }
}
