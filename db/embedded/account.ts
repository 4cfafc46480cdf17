import { spawnSync } from "node:child_process"
import { chownSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join } from "node:path"

/**
 * Who the server runs as. PostgreSQL refuses to run as root, so root has two ways:
 * `namespace`, a user namespace in which root looks like an ordinary user (files stay root's, no path is out of reach; many
 * containers forbid it), or `account`, another user of the machine, who must be able to reach binaries and data.
 */
export type RunAs = { kind: "self" } | { kind: "namespace" } | { kind: "account"; uid: number; gid: number }

/**
 * @param owner uid and gid of an existing cluster folder, null before its first start. A folder made by an ordinary user keeps
 *   its owner when root starts it, so that the user can start it again.
 */
export function chooseRunAs(owner: { uid: number; gid: number } | null, forced?: "namespace" | "account"): RunAs {
  if (process.getuid?.() !== 0) return { kind: "self" }
  if (owner && owner.uid !== 0) return { kind: "account", ...owner }
  if (forced !== "account" && namespacesWork()) return { kind: "namespace" }
  return { kind: "account", ...nobody() }
}

/** The command and spawn options that run a program as that user. */
export function command(runAs: RunAs, program: string, args: string[]) {
  switch (runAs.kind) {
    case "self":
      return { program, args, identity: {} }
    case "namespace":
      return { program: "unshare", args: [...NAMESPACE, program, ...args], identity: {} }
    case "account":
      return { program, args, identity: { uid: runAs.uid, gid: runAs.gid } }
    default:
      return runAs satisfies never
  }
}

/** Can that user use the path (`need`: permission bits, read and execute unless told) through all of its parent folders? */
export function canReach(runAs: RunAs, path: string, need = 0o5): boolean {
  if (runAs.kind !== "account") return true
  const { uid, gid, mode } = statSync(path)
  const shift = uid === runAs.uid ? 6 : gid === runAs.gid ? 3 : 0
  if (((mode >> shift) & need) !== need) return false
  return path === dirname(path) || canReach(runAs, dirname(path), 0o1)
}

/** Hands a folder with all that is in it to the user, when another one has it. */
export function giveTo(runAs: RunAs, folder: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = runAs.kind === "account" ? runAs : { uid: 0, gid: 0 }
  if (statSync(folder).uid === uid) return
  // The folder itself goes last: a walk cut short starts again at the next start.
  const walk = (path: string) => {
    if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) walk(join(path, name))
    if (!lstatSync(path).isSymbolicLink()) chownSync(path, uid, gid)
  }
  walk(folder)
}

const NAMESPACE = ["--user", "--map-user=65534", "--map-group=65534"]

function namespacesWork(): boolean {
  return spawnSync("unshare", [...NAMESPACE, "true"], { stdio: "ignore" }).status === 0
}

function nobody(): { uid: number; gid: number } {
  const line = readFileSync("/etc/passwd", "utf8").match(/^nobody:[^:]*:(-?\d+):(-?\d+):/m)
  if (!line) throw new Error("PostgreSQL cannot run as root, and this machine has no account `nobody` to run it as.")
  return { uid: Number(line[1]), gid: Number(line[2]) }
}
