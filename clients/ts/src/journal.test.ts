import { spawn } from "node:child_process"
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, it } from "vitest"
import { Andon } from "./index.js"
import { Journal } from "./journal.js"
import { loopback } from "./testing-server.js"

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "andon-journal-"))
  path = join(folder, "journal")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const event = (n: number) => ({ id: `e${n}`, type: "cost", at: "2026-11-20T10:00:00Z" })
const ids = (journal: Journal) => journal.left().map(({ id }) => id)

it("keeps what was not answered for, without the half line of a kill", () => {
  const journal = new Journal(path)
  for (const n of [1, 2, 3]) journal.append(event(n))
  journal.answered(1)
  journal.close()
  appendFileSync(path, '{"id":"e4","ty')
  const next = new Journal(path)
  expect(ids(next)).toEqual(["e2", "e3"])
  next.append(event(5))
  next.answered(3)
  expect(readFileSync(path, "utf8")).toBe("")
  next.close()
})

it("belongs to one process at a time", () => {
  const journal = new Journal(path)
  rmSync(`${path}.lock`)
  appendFileSync(`${path}.lock`, String(process.ppid))
  expect(() => new Journal(path)).toThrow(/uses this journal/)
  journal.close()
})

it("a killed process loses nothing that it reported: the next one sends it", async () => {
  const server = await loopback()
  const client = fileURLToPath(new URL("index.ts", import.meta.url))
  const work = `import { Andon } from ${JSON.stringify(client)}
    const andon = new Andon({ url: "http://127.0.0.1:9", key: "k", journal: ${JSON.stringify(path)}, gateMs: 1, onError() {} })
    const run = await andon.run({ id: "killed" })
    await run.step("a", () => run.call({ model: "m", cost: "1" }))
    process.kill(process.pid, "SIGKILL")`
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", work], { stdio: "inherit" })
  expect(await new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)))).toBe("SIGKILL")
  const andon = new Andon({ url: server.url, key: "k", journal: path })
  expect(await andon.close()).toBe(true)
  expect(server.events.map(({ type }) => type)).toEqual(["run.started", "step.started", "span", "step.finished"])
  expect(readFileSync(path, "utf8")).toBe("")
  await server.close()
})
