import { execFileSync } from "node:child_process"
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { type Browser, type BrowserContext, chromium } from "@playwright/test"
import { findBrowser } from "@/scripts/lib/find-browser.mjs"
import { runScript, say } from "@/scripts/lib/with-database"
import { type Known, SHOTS, type Shot, SIZES, type Size } from "@/scripts/screenshots/catalog"
import { withPalette } from "@/scripts/screenshots/palette"
import { type Booted, bootServer } from "@/server/testing"
import buildPages from "@/server/testing-setup"

const USAGE = `usage: npm run screenshots -- [NAME …] [--out FOLDER]

Takes the pictures of docs/screenshots with a server and made-up data of its own. All of them when none is named.

${SHOTS.map(({ name }) => `  ${name}`).join("\n")}`

const FOLDER = fileURLToPath(new URL("../../docs/screenshots", import.meta.url))
/** Late requests, and a chart that is drawn in the browser. */
const SETTLED_MS = 1_200

const SCENARIOS = [
  ["demo", "--scale", "0.3"],
  // Something stands open, whatever the hour.
  ["halt-mid-run"],
  ...["long-run", "retry-storm", "skipped-step"].map((name) => [name, "--project", "shapes"]),
  ["awkward-names"],
  ["many-workflows"],
]

runScript(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: "string", default: FOLDER } },
  })
  const unknown = positionals.filter((name) => SHOTS.every((shot) => shot.name !== name))
  if (unknown.length > 0) {
    say(`no picture "${unknown.join('", "')}"\n\n${USAGE}`)
    return 2
  }
  const wanted = positionals.length === 0 ? SHOTS : SHOTS.filter(({ name }) => positionals.includes(name))
  if (positionals.length === 0) rmSync(values.out, { recursive: true, force: true })
  mkdirSync(values.out, { recursive: true })
  const missing = await takeAll(wanted, values.out)
  const bytes = readdirSync(values.out).reduce((sum, file) => sum + statSync(join(values.out, file)).size, 0)
  say(`${readdirSync(values.out).length} pictures, ${(bytes / 1e6).toFixed(1)} MB in ${values.out}`)
  for (const line of missing) say(`missing: ${line}`)
  return missing.length === 0 ? 0 : 1
})

/** @returns the pictures that could not be taken, and why; one that fails does not stop the others. */
async function takeAll(shots: readonly Shot[], folder: string): Promise<string[]> {
  const missing: string[] = []
  await buildPages()
  const server = await bootServer({ env: { ANDON_INIT_PROJECT: "start" } })
  try {
    for (const scenario of SCENARIOS) seed(server, scenario)
    const executablePath = await findBrowser(say)
    const args = process.getuid?.() === 0 ? ["--no-sandbox"] : []
    const browser = await chromium.launch({ executablePath, args })
    try {
      const cookies = await logIn(browser, server)
      const known = await look(server, cookies)
      for (const size of Object.keys(SIZES) as Size[]) {
        const own = shots.filter(({ sizes }) => sizes?.includes(size) ?? true)
        for (const shot of own)
          await take(browser, server, shot.isStranger ? [] : cookies, shot, size, known, folder).catch(
            (error: unknown) => missing.push(`${shot.name}-${size}: ${error instanceof Error ? error.message : error}`),
          )
      }
    } finally {
      await browser.close()
    }
  } finally {
    await server.dispose()
  }
  return missing
}

function seed(server: Booted, scenario: string[]): void {
  execFileSync(process.execPath, ["--import", "tsx", "scripts/seed.ts", ...scenario], {
    env: { ...process.env, ANDON_DATA_DIR: server.dataDir },
    stdio: ["ignore", "ignore", "inherit"],
  })
}

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>

async function logIn(browser: Browser, server: Booted): Promise<Cookies> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${server.url}/api/auth/login`, {
    headers: { origin: server.url },
    data: server.admin,
  })
  if (!answer.ok()) throw new Error(`the log-in was answered ${answer.status()}`)
  const cookies = await context.cookies()
  await context.close()
  return cookies
}

/** An open exception, and the two newest verified runs of one workflow. */
async function look(server: Booted, cookies: Cookies): Promise<Known> {
  const list = async (path: string): Promise<Record<string, unknown>[]> => {
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
    const answer = await fetch(`${server.url}/api/v1/${path}`, { headers: { cookie } })
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
    return ((await answer.json()) as { items: Record<string, unknown>[] }).items
  }
  const [exception] = await list("exceptions?project=demo&limit=1")
  const verified = await list("runs?project=demo&last=30d&proof=verified&limit=50")
  const [later] = verified
  const baseline = verified.find(({ id, workflow }) => id !== later?.id && workflow === later?.workflow)
  if (!exception || !later || !baseline) throw new Error("the made-up data lacks an exception or two runs alike")
  return { exception: String(exception.id), baseline: String(baseline.id), later: String(later.id) }
}

async function take(
  browser: Browser,
  server: Booted,
  cookies: Cookies,
  shot: Shot,
  size: Size,
  known: Known,
  folder: string,
): Promise<void> {
  const { scheme, width, height } = SIZES[size]
  const context = await browser.newContext({
    baseURL: server.url,
    locale: "en-US",
    timezoneId: "UTC",
    colorScheme: scheme,
    reducedMotion: "reduce",
    viewport: { width, height },
    hasTouch: size === "phone",
    isMobile: size === "phone",
  })
  await context.addCookies(cookies)
  const page = await context.newPage()
  const path = typeof shot.path === "string" ? shot.path : shot.path(known)
  const answer = await page.goto(path, { waitUntil: "load" })
  if (answer?.status() !== 200) throw new Error(`${path} was answered ${answer?.status()}`)
  await page.waitForTimeout(SETTLED_MS)
  if (shot.act) {
    await shot.act(page)
    await page.waitForTimeout(SETTLED_MS)
  }
  writeFileSync(join(folder, `${shot.name}-${size}.png`), withPalette(await page.screenshot({ caret: "hide" })))
  await context.close()
}
