#!/usr/bin/env node
/**
 * `npm test`: installs, then runs every check there is and ends with one line, `N passed, N failed`; any failure makes it end
 * with 1. Names of stages as arguments run those alone: `node scripts/test.mjs types unit`.
 * Runs before anything is installed: imports nothing but Node and `scripts/lib`.
 */
import { install, isInstalled } from "./lib/install.mjs"
import { requireNode } from "./lib/node-version.mjs"
import { alone } from "./lib/setup-lock.mjs"
import { STAGES } from "./lib/stages.mjs"

requireNode()

// Tests bring their own database and secrets; those of the person who runs them are out of bounds.
for (const name of Object.keys(process.env))
  if (/^(ANDON_|DATABASE_URL|PG[A-Z]+$|HOST$|PORT$)/.test(name)) delete process.env[name]

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in STAGES))
if (unknown.length > 0) {
  console.error(`No such stage: ${unknown.join(", ")}. There are ${Object.keys(STAGES).join(", ")}.`)
  process.exit(2)
}

let passed = 0
let failed = 0
try {
  if (!isInstalled("test")) await alone(() => install("test"))
  for (const [name, stage] of Object.entries(STAGES)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const count = await stage()
    passed += count.passed
    failed += count.failed
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
