import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openDatabase } from "@/db/connect"
import { migrate } from "@/db/migrate"
import { TEMPLATE_FOLDER } from "./testing"

const BUILD = fileURLToPath(new URL("../scripts/lib/build.mjs", import.meta.url))

/**
 * Before tests over HTTP: pages that are those of the sources (nothing to do when the last build is), and a migrated data folder without anything in it,
 * which every server that asks for a folder of its own starts on a copy of.
 */
export default async function setup(): Promise<() => void> {
  const work = `await (await import(${JSON.stringify(BUILD)})).build()`
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", work], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  })
  if (status !== 0) throw new Error("the pages could not be built")
  const folder = mkdtempSync(join(tmpdir(), "andon-template-"))
  const database = await openDatabase({ ANDON_DATA_DIR: folder }, () => {})
  await migrate(database.owner, () => {})
  await database.stop()
  process.env[TEMPLATE_FOLDER] = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
