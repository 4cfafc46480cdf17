import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import { fileURLToPath } from "node:url"
import postgres from "postgres"
import { APP_ROLE, ensureAppRole } from "./app-role"
import type { Options } from "./client"
import { socketOptions } from "./embedded/claim"
import { connectEmbedded, startEmbedded } from "./embedded/start"
import { urlOptions } from "./url-options"

export type Database = {
  /** For migrations and scripts: owns the tables. */
  owner: Options
  /** For everything that serves: bound by row-level security. */
  app: Options
  kind: "embedded" | "external"
  /** Ends what was started here; the embedded server stops. Close the pools first. */
  stop(): Promise<void>
}

export type Environment = Record<string, string | undefined>

/** Oldest server that the SQL here runs on. */
const OLDEST_SERVER = 15

/** The data folder: embedded database, secrets, log. `ANDON_DATA_DIR`, else `.andon` in the repository. */
function dataFolder(env: Environment): string {
  return env.ANDON_DATA_DIR ? resolve(env.ANDON_DATA_DIR) : fileURLToPath(new URL("../.andon", import.meta.url))
}

/**
 * Opens the database that the environment names: `DATABASE_URL` (or the file named by `DATABASE_URL_FILE`), else the embedded one.
 * @param mode `attach` for scripts: uses the server of a running Andon when there is one, else starts and stops its own.
 * @throws Error, in words for the person at the terminal: server unreachable, older than 15, or a connection that
 *   row-level security would not bind; InUseError when another Andon runs on the data folder.
 */
export async function openDatabase(
  env: Environment,
  onProgress: (message: string) => void,
  mode: "serve" | "attach" = "serve",
): Promise<Database> {
  const url = env.DATABASE_URL || (env.DATABASE_URL_FILE && readFileSync(env.DATABASE_URL_FILE, "utf8").trim())
  if (url) {
    const owner = urlOptions(url)
    return { owner, app: await boundOptions(owner), kind: "external", stop: async () => {} }
  }
  const open = mode === "attach" ? connectEmbedded : startEmbedded
  const server = await open({ dataDir: dataFolder(env), onProgress })
  const stop = () => server.stop()
  try {
    const owner: Options = { ...socketOptions(server.socketDir), database: server.database }
    return { owner, app: await boundOptions(owner), kind: "embedded", stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The owner's options with the application's role taken at connect; without it only where the owner itself is bound. */
async function boundOptions(owner: Options): Promise<Options> {
  const sql = postgres({ ...owner, max: 1, connect_timeout: 10, onnotice: () => {} })
  try {
    const [server] = await sql<{ version: number; unbound: boolean; name: string }[]>`
      select current_setting('server_version_num')::int / 10000 as version, rolsuper or rolbypassrls as unbound, rolname as name
      from pg_roles where rolname = current_user`
    if (!server) throw new Error("The database does not know the role that it connected.")
    if (server.version < OLDEST_SERVER) {
      throw new Error(`PostgreSQL ${server.version} is too old: Andon needs ${OLDEST_SERVER} or newer.`)
    }
    if (await ensureAppRole(sql)) return { ...owner, connection: { ...owner.connection, role: APP_ROLE } }
    if (!server.unbound) return owner
    throw new Error(
      `The database role "${server.name}" bypasses row-level security and may not take the role ${APP_ROLE}. ` +
        `Connect as an ordinary role, or let an administrator run: CREATE ROLE ${APP_ROLE} NOLOGIN; GRANT ${APP_ROLE} TO "${server.name}";`,
    )
  } catch (error) {
    throw reachable(error)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

const UNREACHABLE = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "ENOENT",
  "EACCES",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "EHOSTUNREACH",
])

/** The driver's "connect ECONNREFUSED" says neither what was wanted nor what to do. */
function reachable(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string }
  if (!code || !UNREACHABLE.has(code)) return error
  return new Error(
    `The database cannot be reached (${message || code}). Check DATABASE_URL, and that the server runs.`,
    { cause: error },
  )
}
