import { createHash } from "node:crypto"
import { chmodSync, lstatSync, mkdirSync, realpathSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { canReach, chooseRunAs, giveTo, type RunAs } from "./account"

/** Where an embedded server keeps its things. */
export type Layout = { home: string; cluster: string; socketDir: string; log: string; runAs: RunAs }

/** Socket name that PostgreSQL derives from its (unused) port. */
export const SOCKET = ".s.PGSQL.5432"

/** Longest path of a Unix socket that Linux and macOS both take, in bytes. */
const SOCKET_PATH_LIMIT = 103

/**
 * Makes the folders of a data folder, mode 0700, owned by whoever runs the server.
 * @throws Error with the owner named when the folder belongs to another user.
 */
export function prepareLayout(dataDir: string, forced?: "namespace" | "account"): Layout {
  const base = makeFolder(dataDir)
  const away = join("/var/lib/andon", createHash("sha256").update(base).digest("hex").slice(0, 12))
  const known = [base, away].find((home) => ownerOf(join(home, "postgres")))
  const owner = known ? ownerOf(join(known, "postgres")) : null
  const runAs = chooseRunAs(owner, forced)
  const home = known ?? (isReachable(base, runAs) ? base : away)
  if (home === away) mkdirSync(home, { recursive: true, mode: 0o711 })
  // The account passes through to the cluster and sees nothing: everything else in the folder is 0600 or 0700.
  else if (runAs.kind === "account" && runAs.uid !== ownerOf(base)?.uid) chmodSync(base, 0o711)

  const cluster = join(home, "postgres")
  const socketDir = shortSocketFolder(home, runAs.kind === "account" ? runAs.uid : owner?.uid)
  if (owner) giveTo(runAs, cluster)
  giveTo(runAs, socketDir)
  return { home, cluster, socketDir, log: join(home, "postgres.log"), runAs }
}

function makeFolder(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const { uid } = statSync(path)
    const me = process.getuid?.() ?? uid
    if (uid !== me && me !== 0) {
      throw new Error(
        `The data folder ${path} belongs to user ${uid}, you are user ${me}. Start as that user, or set ANDON_DATA_DIR.`,
      )
    }
    if (uid === me) chmodSync(path, 0o700)
    return realpathSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === "EACCES" || code === "EROFS" || code === "EPERM") {
      throw new Error(
        `The data folder ${path} cannot be written (${code}). Set ANDON_DATA_DIR to a folder of your own.`,
        { cause: error },
      )
    }
    throw error
  }
}

/** Another account cannot walk to a cluster below a private home (as /root is); the cluster then lies under /var/lib. */
function isReachable(base: string, runAs: RunAs): boolean {
  return ownerOf(base)?.uid === (runAs.kind === "account" ? runAs.uid : -1) || canReach(runAs, join(base, ".."), 0o1)
}

/** A socket folder whose path fits. Anybody can make one below the temporary folder, so it must be private and of a known owner. */
function shortSocketFolder(home: string, account: number | undefined): string {
  const near = join(home, "socket")
  const me = process.getuid?.() ?? 0
  const name = `andon-${me}-${createHash("sha256").update(home).digest("hex").slice(0, 12)}`
  const folder = [near, join(tmpdir(), name)].find(fits) ?? join("/tmp", name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  const owners = me === 0 ? [0, account] : [me]
  if (!found.isDirectory() || !owners.includes(found.uid) || (found.mode & 0o077) !== 0) {
    throw new Error(
      `${folder} exists and is not a private folder of this user; remove it or set ANDON_DATA_DIR to a shorter path.`,
    )
  }
  return folder
}

function fits(folder: string): boolean {
  return Buffer.byteLength(join(folder, SOCKET)) <= SOCKET_PATH_LIMIT
}

function ownerOf(path: string): { uid: number; gid: number } | null {
  const found = statSync(path, { throwIfNoEntry: false })
  return found ? { uid: found.uid, gid: found.gid } : null
}
