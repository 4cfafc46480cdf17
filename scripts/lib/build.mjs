import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "./paths.mjs"
import { CommandError, runNode } from "./run.mjs"
import { step } from "./step.mjs"

const STAMP = join(ROOT, ".next/andon-build")

/** What can end up in the pages. `server/` and `scripts/` run from their sources. */
const SOURCES = ["access", "app", "components", "db", "ingest", "lib", "policy", "public", "reports"]
const CONFIGURATION = ["next.config.ts", "package-lock.json", "postcss.config.mjs", "tsconfig.json"]

/**
 * Builds the pages when their sources, or the public variables that are built into them, changed since the last build.
 * @throws {Error} with the compiler's words.
 */
export async function build() {
  const wanted = fingerprint()
  if (isBuilt(wanted)) return
  await step("Building the pages", async () => {
    rmSync(STAMP, { force: true })
    try {
      await runNode(join(ROOT, "node_modules/next/dist/bin/next"), ["build"], { env: { NODE_ENV: "production" } })
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      if (/ENOSPC/.test(error.output))
        throw new Error("No space left on the disk for the build (about 300 MB are needed).")
      throw new Error(`The build failed:\n${error.output.trim().split("\n").slice(-40).join("\n")}`)
    }
    mkdirSync(join(ROOT, ".next"), { recursive: true })
    writeFileSync(STAMP, wanted)
  })
}

/** Is the last build that of the sources as they are? */
export function isBuilt(wanted = fingerprint()) {
  return existsSync(STAMP) && readFileSync(STAMP, "utf8") === wanted
}

/** A hash over names and contents, not times: a fresh checkout of the same sources is the same. */
export function fingerprint() {
  const hash = createHash("sha256")
  for (const file of [...SOURCES.flatMap(filesIn), ...CONFIGURATION]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0")
  }
  const shown = Object.entries(process.env).filter(([name]) => name.startsWith("NEXT_PUBLIC_"))
  return hash
    .update(JSON.stringify(shown.sort()))
    .update(process.versions.node.split(".")[0] ?? "")
    .digest("hex")
}

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  const path = join(ROOT, folder)
  if (!existsSync(path)) return []
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const name = join(folder, entry.name)
      if (entry.isDirectory()) return entry.name === "fixtures" ? [] : filesIn(name)
      return /\.test\.tsx?$/.test(name) ? [] : [name]
    })
}
