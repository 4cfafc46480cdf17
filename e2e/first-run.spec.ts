import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { test as base, expect } from "@playwright/test"
import { send } from "./fixtures"

type Fresh = { url: string; link: string }

/** An installation that nobody has set up: its own data folder, its own port, gone after the test. */
const test = base.extend<{ fresh: Fresh }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures it needs from this pattern
  fresh: async ({}, use) => {
    const dataDir = mkdtempSync(join(tmpdir(), "andon-first-"))
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = { ...process.env, HOST: "127.0.0.1", PORT: String(port), ANDON_URL: url, ANDON_DATA_DIR: dataDir }
    for (const name of Object.keys(env)) if (name.startsWith("ANDON_INIT_")) delete env[name as keyof typeof env]
    const server = spawn(process.execPath, ["scripts/start.mjs"], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    })
    try {
      await use({ url, link: await setupLink(server, url) })
    } finally {
      await ended(server)
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
})

test("a stranger opens the link, sends the snippet's events, and the run appears by itself", async ({
  fresh,
  page,
}) => {
  await page.goto(fresh.url)
  await expect(page, "until then every page leads to the set-up").toHaveURL(/\/setup/)

  await page.goto(fresh.link)
  await page.getByLabel("Your name").fill("Ada")
  await page.getByLabel("E-mail").fill("ada@example.test")
  await page.getByLabel("Password", { exact: false }).first().fill("seven lamps over the line 41")
  await page.getByLabel("Project").fill("First line")
  await page.getByRole("button", { name: "Set up Andon" }).click()
  await expect(page.getByRole("heading", { name: /ready/ })).toBeVisible()
  const snippet = await page.locator("pre").innerText()
  const key = /andon_live_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{43}/.exec(snippet)?.[0] ?? ""
  expect(snippet, "the snippet goes to this very address").toContain(`${fresh.url}/api/v1/events`)

  await page.getByRole("link", { name: /first event/i }).click()
  await expect(page.getByText("Waiting for the first event")).toBeVisible()

  await send(eventsOf(snippet, "hello-1"), { url: fresh.url, key })
  await page.getByRole("link", { name: "Open run hello-1" }).click()
  await expect(page.getByRole("heading", { name: "hello" })).toBeVisible()
  await expect(page.getByText("unchecked", { exact: true })).toBeVisible()
  await expect(page.getByRole("treeitem", { name: /say hello/ })).toBeVisible()

  await page.goto(fresh.url)
  await expect(page, "with data the first page is the board").toHaveTitle(/^Board/)
  await expect(page.getByRole("heading", { name: /declares no check/ })).toBeVisible()
  await page.goto(fresh.link)
  await expect(page.getByRole("button", { name: "Set up Andon" }), "the link works once").toHaveCount(0)
})

/** The events in the snippet, with the variables filled in as a shell would. */
function eventsOf(snippet: string, run: string): object[] {
  const json = snippet.slice(snippet.indexOf("{"), snippet.lastIndexOf("}") + 1)
  const text = json.replaceAll("$run", run).replaceAll("$now", new Date().toISOString())
  return (JSON.parse(text) as { events: object[] }).events
}

function setupLink(server: ChildProcess, url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = ""
    const read = (chunk: Buffer) => {
      log += chunk.toString()
      const start = log.indexOf(`${url}/setup`)
      if (start >= 0 && /\s/.test(log.slice(start))) resolve(log.slice(start).split(/\s/)[0] ?? "")
    }
    server.stdout?.on("data", read)
    server.stderr?.on("data", read)
    server.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${log}`)))
  })
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return
  const exit = new Promise((resolve) => server.once("exit", resolve))
  server.kill("SIGTERM")
  await exit
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))))
    })
  })
}
