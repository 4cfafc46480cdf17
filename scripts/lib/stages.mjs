import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { build } from "./build.mjs"
import { findBrowser } from "./find-browser.mjs"
import { ROOT } from "./paths.mjs"
import { runNode } from "./run.mjs"
import { step } from "./step.mjs"

/** @typedef {{ passed: number, failed: number }} Count */

const bin = (/** @type {string} */ path) => join(ROOT, "node_modules", path)

/** The stages of `npm test`, in order. Each counts by itself; a failing one does not keep the next from running. @type {Record<string, () => Promise<Count>>} */
export const STAGES = {
  types: () =>
    one("Types", async () => {
      await runNode(bin("next/dist/bin/next"), ["typegen"])
      await runNode(bin("typescript/bin/tsc"), ["--noEmit"])
    }),
  lint: () => one("Lint and format", () => runNode(bin("@biomejs/biome/bin/biome"), ["check", "--max-diagnostics=50"])),
  imports: () => one("Imports", () => runNode("--import", ["tsx", "scripts/check-imports.ts"])),
  unit: () => vitest("Unit tests", "unit"),
  db: () => vitest("Database tests", "db"),
  build: () => one("Build", build),
  http: () => vitest("Tests over HTTP", "http"),
  e2e: endToEnd,
}

/** @param {string} title @param {() => Promise<unknown>} work @returns {Promise<Count>} */
async function one(title, work) {
  try {
    await step(title, work)
    return { passed: 1, failed: 0 }
  } catch (error) {
    show(error)
    return { passed: 0, failed: 1 }
  }
}

/** @param {string} title @param {string} project @returns {Promise<Count>} */
function vitest(title, project) {
  return reported(
    title,
    async (report) => {
      const args = ["run", "--project", project, "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`]
      await runNode(bin("vitest/vitest.mjs"), args, { env: { NODE_ENV: undefined } })
    },
    (report) => {
      // A file that does not load has no tests to count: it is one failure itself.
      const broken = report.testResults.filter(
        (/** @type {any} */ file) =>
          file.status === "failed" && !file.assertionResults.some((/** @type {any} */ t) => t.status === "failed"),
      )
      return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
    },
  )
}

async function endToEnd() {
  let browser = ""
  const found = await one("Browser", async () => {
    browser = await findBrowser((text) => console.log(`  Browser: ${text}`))
  })
  if (found.failed) return found
  return reported(
    "End-to-end tests",
    async (report) => {
      const env = { CHROME_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report, NODE_ENV: undefined }
      await runNode(bin("@playwright/test/cli.js"), ["test", "--reporter=line,json"], { env })
    },
    ({ stats, errors }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }),
  )
}

/**
 * Runs a tool that writes a JSON report and counts from that: what it prints may change, and a tool that dies has no count.
 * @param {string} title
 * @param {(report: string) => Promise<unknown>} work
 * @param {(report: any) => Count} count
 */
async function reported(title, work, count) {
  const folder = mkdtempSync(join(tmpdir(), "andon-report-"))
  const report = join(folder, "report.json")
  let isClean = true
  try {
    await step(title, () => work(report))
  } catch (error) {
    isClean = false
    show(error)
  }
  const total = existsSync(report) ? count(JSON.parse(readFileSync(report, "utf8"))) : { passed: 0, failed: 0 }
  rmSync(folder, { recursive: true, force: true })
  // It ended badly and blames no test: an error outside of them.
  return { passed: total.passed, failed: isClean ? total.failed : Math.max(total.failed, 1) }
}

/** @param {unknown} error */
function show(error) {
  const output = /** @type {{ output?: string }} */ (error).output
  console.error(output?.trim() || (error instanceof Error ? error.message : String(error)))
}
