import { fileURLToPath } from "node:url"
import { authenticateIngest } from "@/access/authenticate-ingest"
import { accessConfig } from "@/access/config"
import { initFromEnvironment } from "@/access/init"
import { authorize } from "@/access/project"
import { ensureSetupLink } from "@/access/setup"
import { closePools, configureDatabase, isLostWrite, renewPools } from "@/db/client"
import { type Database, openDatabase } from "@/db/connect"
import { migrate } from "@/db/migrate"
import { withOwner } from "@/db/owner"
import type { Stop } from "@/ingest/every"
import { startMaintenance } from "@/ingest/maintain"
import { loadPriceBook } from "@/ingest/price-book"
import { startBudgetWatch } from "@/ingest/watch-budgets"
import { startDataWatch } from "@/ingest/watch-data"
import { startRunWatch } from "@/ingest/watch-runs"
import { readEnv } from "@/lib/env"
import { logError } from "@/lib/http"
import { startAlerts } from "./alerts/worker"
import { Drain } from "./drain"
import { Front } from "./front"
import { Health } from "./health"
import { createListener, listenOn } from "./listener"
import { LiveHub } from "./live"
import { openPages, type Pages } from "./pages"
import { remoteAddress } from "./remote"

/**
 * The whole of Andon in one process. It listens first, so that a taken port is known before anything is started and probes get an
 * answer; then database, prices, set-up and pages; then it serves, until a signal.
 */
const startedAt = performance.now()
const root = fileURLToPath(new URL("..", import.meta.url))
const dev = process.argv.includes("--dev")
/** Of a client that went away: nothing of ours is broken. */
const CONNECTION_NOISE = new Set(["ECONNRESET", "EPIPE", "ECONNABORTED", "ERR_STREAM_PREMATURE_CLOSE"])

const say = (message: string) => process.stdout.write(`${message}\n`)
const health = new Health()
let database: Database | undefined
let live: LiveHub | undefined
let pages: Pages | undefined
const watches: Stop[] = []

/** Everything relative is meant from the repository, wherever the process was started. */
process.chdir(root)

async function start(): Promise<void> {
  const env = readEnv(process.env)
  const access = accessConfig()
  const front = new Front({
    health,
    authenticate: authenticateIngest,
    remoteOf: remoteAddress(env.trustedProxies),
    live: () => live ?? null,
    next: () => pages?.handle ?? null,
    hasIngestFront: env.hasIngestFront,
    isSecure: access.isSecure,
    dev,
  })
  const server = createListener(front, (req, socket, head) =>
    pages ? pages.upgrade(req, socket, head) : socket.destroy(),
  )
  const drain = new Drain(
    health,
    server,
    async () => await live?.close(),
    () => [
      ["end the watches", () => Promise.all(watches.map((stop) => stop()))],
      ["close the pages", async () => await pages?.close()],
      ["close the connections to the database", closePools],
      ["stop the database", async () => await database?.stop()],
    ],
  )
  endWith(drain)
  try {
    await listenOn(server, env.host, env.port)
    database = await openDatabase(process.env, say)
    await migrate(database.owner, say)
    configureDatabase(database.app)
    await withOwner(database.owner, loadPriceBook)
    watches.push(
      await startMaintenance(env.retentionDays),
      startBudgetWatch(),
      startRunWatch(),
      startDataWatch(),
      startAlerts(),
    )
    await initFromEnvironment(process.env)
    live = new LiveHub(database.app, async (request) => (await authorize(request, "runs.read")).project.id)
    pages = await openPages({ dev, root, host: env.host, port: env.port })
  } catch (error) {
    report(error)
    drain.start("Andon could not start", 1)
    return
  }
  if (health.phase !== "starting") return
  health.phase = "serving"
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  say(`Andon is ready in ${seconds} s at ${access.publicUrl.origin}`)
  await ensureSetupLink({ dataDir: access.dataDir, publicUrl: access.publicUrl.origin })
}

function endWith(drain: Drain): void {
  // Whoever read the log is gone: without a listener the failed write is an uncaught error, which is logged, which fails again, for ever.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {})
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => drain.start(signal, 0))
  process.on("uncaughtException", (error: NodeJS.ErrnoException) => {
    logError("uncaught error", error)
    if (isLostWrite(error)) renewPools()
    else if (!CONNECTION_NOISE.has(error.code ?? "")) drain.start("An error that nothing caught", 1)
  })
  // Next rejects promises that nobody waits for when a reader goes away in mid-page: logged, not fatal.
  process.on("unhandledRejection", (error) => logError("unhandled rejection", error))
}

/** For the person at the terminal: the sentence, and the causes below it. */
function report(error: unknown): void {
  for (let cause = error, depth = 0; cause !== undefined && depth < 4; depth++) {
    process.stderr.write(
      `${depth === 0 ? "" : "  caused by: "}${cause instanceof Error ? cause.message : String(cause)}\n`,
    )
    cause = cause instanceof Error ? cause.cause : undefined
  }
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
}

start().catch((error) => {
  report(error)
  process.exit(1)
})
