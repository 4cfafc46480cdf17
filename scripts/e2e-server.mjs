/**
 * Andon for the end-to-end tests, as a person would start it: `scripts/start.mjs` on an empty data folder of its own, which goes
 * with the process.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const dataDir = mkdtempSync(join(tmpdir(), "andon-e2e-"))
process.env.ANDON_DATA_DIR = dataDir
process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }))
await import("./start.mjs")
