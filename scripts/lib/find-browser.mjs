import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { delimiter, join } from "node:path"
import { ROOT } from "./paths.mjs"
import { run, runNode } from "./run.mjs"

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
]

/**
 * A browser that starts: the one that CHROME_PATH names, else one that is installed, else one that can be.
 * @param {(text: string) => void} say
 * @returns {Promise<string>} the path of its program
 * @throws {Error} that says what to install
 */
export async function findBrowser(say) {
  const found = installed()
  if (found) return found
  say("none is installed; downloading Playwright's")
  await attempt(() =>
    runNode(join(ROOT, "node_modules/@playwright/test/cli.js"), ["install", "chromium"], { timeoutMs: 240_000 }),
  )
  if (!installed() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("installing Debian's")
    const env = { DEBIAN_FRONTEND: "noninteractive" }
    await attempt(() => run("apt-get", ["update"], { env, timeoutMs: 120_000 }))
    await attempt(() =>
      run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { env, timeoutMs: 300_000 }),
    )
  }
  const got = installed()
  if (got) return got
  throw new Error(
    "No browser for the end-to-end tests. Install Chromium or Chrome (Debian: apt-get install chromium), or name one in CHROME_PATH.",
  )
}

function installed() {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return [process.env.CHROME_PATH, ...onPath, ...PLACES, playwrightsOwn()].find((path) => path && starts(path)) ?? null
}

/** Some systems have a launcher of that name that only says how to install the browser. @param {string} path */
function starts(path) {
  return existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0
}

function playwrightsOwn() {
  try {
    return createRequire(join(ROOT, "package.json"))("@playwright/test").chromium.executablePath()
  } catch {
    return undefined
  }
}

/** What comes next looks at what is there, not at why it is not. @param {() => Promise<unknown>} work */
async function attempt(work) {
  try {
    await work()
  } catch {}
}
