import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { makeKeySecret } from "@/access/key-secret"
import type { Options } from "@/db/client"
import { DATABASE, socketOptions } from "@/db/embedded/claim"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
const READY_WITHIN_MS = 60_000

export type BootOptions = {
  /** Laid over the head-less set-up; `undefined` takes a variable away. */
  env?: Record<string, string | undefined>
  /** A folder that an earlier server used; it is then not removed at the end. */
  dataDir?: string
  port?: number
  args?: string[]
  /** false returns as soon as the process runs, for tests of the start itself. */
  waitForReady?: boolean
}

export type Booted = {
  url: string
  port: number
  pid: number
  dataDir: string
  /** The first ingest key (scopes ingest and read), the first project, the administrator. */
  key: string
  project: string
  admin: { email: string; password: string }
  /** Its embedded database, as the owner of the tables. */
  owner: Options
  /** Everything the process has printed. */
  log(): string
  /** Goes away as the reader of what the process prints. */
  hangUp(): void
  /** Resolves with the exit code; null when a signal ended it. */
  exited: Promise<number | null>
  signal(name: NodeJS.Signals): void
  /** SIGTERM, then waits. @returns the exit code. */
  stop(): Promise<number | null>
  /** SIGKILL, then waits. The embedded database goes on without its parent until somebody starts on the folder again or `dispose` is called. */
  kill(): Promise<void>
  /** Ends what still runs and removes the data folder, if it was made here. */
  dispose(): Promise<void>
}

/** The real server in a process of its own, with its own embedded database, set up and ready. Pages must have been built, except with `--dev`. */
export async function bootServer(options: BootOptions = {}): Promise<Booted> {
  const dataDir = options.dataDir ?? ownFolder(options)
  const port = options.port ?? (await freePort())
  const admin = { email: "admin@example.org", password: "Kestrel-Umbrella-91-field" }
  const key = options.env?.ANDON_INIT_INGEST_KEY ?? makeKeySecret().text
  const project = options.env?.ANDON_INIT_PROJECT ?? "demo"
  const env: Record<string, string | undefined> = {
    ...process.env,
    ANDON_URL: undefined,
    DATABASE_URL: undefined,
    HOST: "127.0.0.1",
    NODE_ENV: "production",
    ANDON_INIT_ADMIN_EMAIL: admin.email,
    ANDON_INIT_ADMIN_PASSWORD: admin.password,
    ...options.env,
    ANDON_INIT_PROJECT: project,
    ANDON_INIT_INGEST_KEY: key,
    ANDON_DATA_DIR: dataDir,
    PORT: String(port),
  }
  const child = spawn(process.execPath, ["--import", "tsx", "server/main.ts", ...(options.args ?? [])], {
    cwd: ROOT,
    env: withoutGaps(env),
    stdio: ["ignore", "pipe", "pipe"],
  })
  let printed = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk))
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)))
  const booted: Booted = {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid as number,
    dataDir,
    key,
    project,
    admin,
    owner: { ...socketOptions(join(dataDir, "socket")), database: DATABASE },
    log: () => printed,
    hangUp() {
      child.stdout.destroy()
      child.stderr.destroy()
    },
    exited,
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill("SIGTERM")
      return await exited
    },
    async kill() {
      child.kill("SIGKILL")
      await exited
    },
    async dispose() {
      if (isRunning(child)) await booted.stop()
      await endOrphan(dataDir)
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true })
    },
  }
  if (options.waitForReady !== false) await untilReady(booted, child)
  return booted
}

/** Names the folder whose database a server of its own starts on a copy of: making one takes longer than all the rest of a start. */
export const TEMPLATE_FOLDER = "ANDON_TEST_FOLDER"

/** Empty for a test of the first start itself, and where there is no template; cp keeps whose files they are. */
function ownFolder({ waitForReady, env }: BootOptions): string {
  const folder = mkdtempSync(join(tmpdir(), "andon-server-"))
  const cluster = join(process.env[TEMPLATE_FOLDER] ?? folder, "postgres")
  const isFirstStart = waitForReady === false || env?.DATABASE_URL !== undefined
  if (!isFirstStart && existsSync(cluster)) execFileSync("cp", ["-a", cluster, folder])
  return folder
}

/** @throws Error with what the server printed when it ends or takes too long. */
async function untilReady(server: Booted, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (isRunning(child) && Date.now() < deadline) {
    const answer = await fetch(`${server.url}/healthz/ready`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.status === 200) return
    await sleep(50)
  }
  const printed = server.log()
  await server.dispose()
  throw new Error(`the server did not become ready:\n${printed}`)
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** After SIGKILL of its parent the embedded server lives on; SIGINT is its fast shutdown. */
async function endOrphan(dataDir: string): Promise<void> {
  const file = join(dataDir, "postgres", "postmaster.pid")
  for (let asked = false; existsSync(file); asked = true) {
    const pid = Number.parseInt(readFileSync(file, "utf8"), 10)
    try {
      process.kill(pid, asked ? 0 : "SIGINT")
    } catch {
      return
    }
    await sleep(50)
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

function withoutGaps(env: Record<string, string | undefined>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv
}
