import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import { socketOptions } from "./embedded/claim"
import { startEmbedded } from "./embedded/start"
import { migrate } from "./migrate"
import { TEMPLATE, TEST_SERVER } from "./testing"

/** Once a test run: a server in a temporary folder and the migrated template that test files clone. */
export default async function setup(): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "andon-test-"))
  const server = await startEmbedded({ dataDir, unsafe: true })
  const owner = socketOptions(server.socketDir)
  const sql = postgres({ ...owner, database: "postgres", max: 1 })
  await sql.unsafe(`create database ${TEMPLATE}`)
  await sql.end()
  await migrate({ ...owner, database: TEMPLATE }, () => {})
  process.env[TEST_SERVER] = server.socketDir
  return async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
