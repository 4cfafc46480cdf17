import { type ChildProcess, spawn } from "node:child_process"
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import postgres from "postgres"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { socketOptions } from "./claim"
import { isAlive } from "./postmaster"
import { connectEmbedded, startEmbedded } from "./start"

const HOLD = fileURLToPath(new URL("./fixtures/hold.ts", import.meta.url))
const NOBODY = 65534

type Way = { title: string; runAs?: "namespace" | "account"; uid?: number }

/** How the server may run here: root has two ways, and drops to an ordinary user for a third. */
const asUser: Way = { title: "as an ordinary user", uid: process.getuid?.() === 0 ? NOBODY : undefined }
const asRoot: Way[] = [
  { title: "as root in a namespace", runAs: "namespace" },
  { title: "as root through another account", runAs: "account" },
]
const ways = process.getuid?.() === 0 ? [...asRoot, asUser] : [asUser]

type Answer = { pid: number; socketDir: string; error?: string }

let root: string
let dataDir: string
let programs: ChildProcess[]
let servers: Set<number>

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "andon-embedded-"))
  dataDir = join(root, "data")
  programs = []
  servers = new Set()
})

afterEach(async () => {
  for (const program of programs) program.kill("SIGKILL")
  for (const pid of servers) if (isAlive(pid)) process.kill(pid, "SIGQUIT")
  for (const pid of servers) await gone(pid)
  rmSync(root, { recursive: true, force: true })
})

async function gone(pid: number, withinMs = 10_000): Promise<void> {
  for (const end = Date.now() + withinMs; isAlive(pid) && Date.now() < end; ) await sleep(20)
  expect(isAlive(pid)).toBe(false)
}

async function hold(mode: "start" | "attach", way: Way = asUser) {
  // The temporary folder is 0700; the account must be able to walk through it.
  if (way.runAs === "account") chmodSync(root, 0o711)
  if (way.uid !== undefined) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    chownSync(root, way.uid, way.uid)
    chownSync(dataDir, way.uid, way.uid)
  }
  const program = spawn(process.execPath, ["--import", "tsx", HOLD, dataDir, mode, way.runAs ?? ""], {
    uid: way.uid,
    gid: way.uid,
    // A home that cannot be written and a locale that does not exist: neither may matter.
    env: { ...process.env, HOME: "/nonexistent", LANG: "xx_YY.UTF-8", LC_ALL: "xx_YY.UTF-8" },
    stdio: ["ignore", "pipe", "inherit"],
  })
  programs.push(program)
  const answer = await new Promise<Answer>((resolve, reject) => {
    let text = ""
    program.stdout?.on("data", (part) => {
      text += part
      if (text.includes("\n")) resolve(JSON.parse(text))
    })
    program.on("exit", (code) => reject(new Error(`ended with ${code} before it had a server`)))
  })
  if (answer.pid) servers.add(answer.pid)
  return { program, answer }
}

function query<T>(socketDir: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres({
    ...socketOptions(socketDir),
    database: "andon",
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
  })
  return work(sql).finally(() => sql.end({ timeout: 1 }))
}

describe.each(ways)("the embedded server $title", (way) => {
  it("keeps what was committed over a stop and a start, and leaves no process behind", async () => {
    const first = await hold("start", way)
    await query(first.answer.socketDir, async (sql) => {
      await sql`create table kept (n int)`
      await sql`insert into kept values (7)`
    })
    first.program.kill("SIGTERM")
    await gone(first.answer.pid)
    const second = await hold("start", way)
    expect(await query(second.answer.socketDir, (sql) => sql`select n from kept`)).toEqual([{ n: 7 }])
    second.program.kill("SIGINT")
    await gone(second.answer.pid)
  })

  it("a second Andon on the folder is refused and names the first; a script attaches (F32)", async () => {
    const first = await hold("start", way)
    const second = await hold("start", way)
    expect(second.answer.error).toContain(`Another Andon (pid ${first.program.pid}) is running on this data folder`)
    const script = await hold("attach", way)
    expect(script.answer.pid).toBe(first.answer.pid)
    script.program.kill("SIGTERM")
    await sleep(300)
    expect(isAlive(first.answer.pid)).toBe(true)
  })

  it("a server whose Node was killed is taken over, and stopped at the end", async () => {
    const first = await hold("start", way)
    first.program.kill("SIGKILL")
    await sleep(100)
    expect(isAlive(first.answer.pid)).toBe(true)
    const second = await hold("start", way)
    expect(second.answer.pid).toBe(first.answer.pid)
    second.program.kill("SIGTERM")
    await gone(first.answer.pid)
  })

  it("a killed server is started again under a running Andon, with all that was committed (F03)", async () => {
    const { program, answer } = await hold("start", way)
    await query(answer.socketDir, (sql) => sql`create table kept as select 1 as n`)
    process.kill(answer.pid, "SIGKILL")
    const end = Date.now() + 20_000
    for (;;) {
      const rows = await query(answer.socketDir, (sql) => sql`select n from kept`).catch(() => null)
      if (rows) {
        expect(rows).toEqual([{ n: 1 }])
        break
      }
      expect(Date.now()).toBeLessThan(end)
      await sleep(100)
    }
    const now = Number(readFileSync(join(dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0])
    servers.add(now)
    expect(now).not.toBe(answer.pid)
    program.kill("SIGTERM")
    await gone(now)
  })
})

describe("the data folder", () => {
  it("is private, and so is the socket", async () => {
    const { answer, program } = await hold(
      "start",
      ways.find(({ runAs }) => runAs !== "account"),
    )
    for (const path of [dataDir, join(dataDir, "postgres"), answer.socketDir])
      expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(join(answer.socketDir, ".s.PGSQL.5432")).mode & 0o777).toBe(0o700)
    program.kill("SIGTERM")
    await gone(answer.pid)
  })

  it("with a long path and odd characters gets a short socket folder", async () => {
    const deep = join(dataDir, "with space, comma: colon ' quote", "x".repeat(100))
    const server = await startEmbedded({ dataDir: deep, unsafe: true })
    servers.add(server.pid)
    expect(Buffer.byteLength(server.socketDir)).toBeLessThan(90)
    expect(await query(server.socketDir, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
    await server.stop()
    rmSync(server.socketDir, { recursive: true })
  })

  it("with odd characters in a short path serves from there", async () => {
    const server = await startEmbedded({ dataDir: join(dataDir, `a b,c:d'e"f`), unsafe: true })
    servers.add(server.pid)
    expect(await query(server.socketDir, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }])
    await server.stop()
  })

  it("with the lock file of a dead server, or of a pid that is now another program's, starts", async () => {
    const first = await startEmbedded({ dataDir, unsafe: true })
    servers.add(first.pid)
    await first.stop()
    const dead = spawn("true").pid
    for (const pid of [dead, process.pid]) {
      const lines = [
        pid,
        join(dataDir, "postgres"),
        0,
        5432,
        join(dataDir, "socket"),
        "",
        "  1234567   1",
        "ready   ",
        "",
      ]
      writeFileSync(join(dataDir, "postgres/postmaster.pid"), lines.join("\n"))
      const again = await startEmbedded({ dataDir, unsafe: true })
      servers.add(again.pid)
      expect(again.pid).not.toBe(pid)
      await again.stop()
    }
  })

  it("made by another major version is refused in words", async () => {
    const server = await startEmbedded({ dataDir, unsafe: true })
    servers.add(server.pid)
    await server.stop()
    writeFileSync(join(dataDir, "postgres/PG_VERSION"), "12\n")
    await expect(startEmbedded({ dataDir })).rejects.toThrow(/was made by PostgreSQL 12/)
  })

  it("two starts at once make one cluster, and one of them serves", async () => {
    const results = await Promise.all([hold("start"), hold("start")])
    expect(results.filter(({ answer }) => answer.error === undefined)).toHaveLength(1)
    expect(results.filter(({ answer }) => answer.error?.includes("Another Andon"))).toHaveLength(1)
  })

  it("two scripts at once both get the server", async () => {
    const servers_ = await Promise.all([connectEmbedded({ dataDir }), connectEmbedded({ dataDir })])
    expect(servers_[0].pid).toBe(servers_[1].pid)
    servers.add(servers_[0].pid)
    await Promise.all(servers_.map((server) => server.stop()))
    await gone(servers_[0].pid)
  })

  it.runIf(process.getuid?.() === 0)(
    "that another account cannot reach, as below /root, has its cluster under /var/lib",
    async () => {
      const server = await startEmbedded({ dataDir, runAs: "account", unsafe: true })
      servers.add(server.pid)
      expect(server.socketDir).toMatch(/^\/var\/lib\/andon\/[0-9a-f]{12}\/socket$/)
      expect(existsSync(join(dataDir, "postgres"))).toBe(false)
      await server.stop()
      // Found there again, also by a start that could run it in place.
      const again = await startEmbedded({ dataDir, unsafe: true })
      servers.add(again.pid)
      expect(again.socketDir).toBe(server.socketDir)
      await again.stop()
      rmSync(join(server.socketDir, ".."), { recursive: true })
    },
  )
})
