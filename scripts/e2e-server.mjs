/**
 * Andon for the end-to-end tests, as a person would start it: `scripts/start.mjs` on the empty data folder that the tests made, which goes
 * with the process.
 */
import { rmSync } from "node:fs"

const { ANDON_DATA_DIR: dataDir } = process.env
if (!dataDir) throw new Error("ANDON_DATA_DIR names no folder")
process.on("exit", () => rmSync(dataDir, { recursive: true, force: true }))
await import("./start.mjs")
