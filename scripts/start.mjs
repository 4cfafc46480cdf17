#!/usr/bin/env node
/**
 * `npm start`: from a fresh clone to a served page. Installs and builds what changed since the last start, then becomes the
 * server, in this very process, so that signals and the exit code are its own. `--dev` serves the pages from their sources.
 * Runs before anything is installed: imports nothing but Node and `scripts/lib`.
 */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { build, isBuilt } from "./lib/build.mjs"
import { install, isInstalled } from "./lib/install.mjs"
import { requireNode } from "./lib/node-version.mjs"
import { ROOT } from "./lib/paths.mjs"
import { alone } from "./lib/setup-lock.mjs"

requireNode()
const isDev = process.argv.includes("--dev")

try {
  await setUp()
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`)
  process.exit(1)
}

Object.assign(process.env, { NODE_ENV: isDev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" })
process.chdir(ROOT)
process.title = "andon"
await import(pathToFileURL(join(ROOT, "node_modules/tsx/dist/loader.mjs")).href)
await import(pathToFileURL(join(ROOT, "server/main.ts")).href)

async function setUp() {
  const isReady = () => isInstalled("serve") && (isDev || isBuilt())
  // A checkout that is ready may be read-only: then there is no lock to take.
  if (isReady()) return
  console.log("Setting up (the first time takes a few minutes)")
  await alone(async () => {
    await install("serve")
    if (!isDev) await build()
  })
}
