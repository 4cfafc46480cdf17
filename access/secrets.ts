import { randomBytes } from "node:crypto"
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

export type Environment = Record<string, string | undefined>
export type Secrets = { authSecret: string; keyPepper: string }

const NAMES = { authSecret: "ANDON_AUTH_SECRET", keyPepper: "ANDON_KEY_PEPPER" } as const

/**
 * The installation's secrets: from the environment, from a file that it names (`…_FILE`), else made once into `secrets.json` (0600) of the
 * data folder. Machines that share a database must share them.
 * @throws Error in words for the operator when a given value is weak or a file cannot be read; the value itself is never part of it.
 */
export function loadSecrets(dataDir: string, env: Environment): Secrets {
  const given = { authSecret: fromEnvironment(NAMES.authSecret, env), keyPepper: fromEnvironment(NAMES.keyPepper, env) }
  if (given.authSecret && given.keyPepper) return { authSecret: given.authSecret, keyPepper: given.keyPepper }
  const kept = keptSecrets(dataDir)
  return { authSecret: given.authSecret ?? kept.authSecret, keyPepper: given.keyPepper ?? kept.keyPepper }
}

/** A value of the environment, or the content of the file that `<name>_FILE` names, without the line end. */
export function valueOrFile(name: string, env: Environment): string | undefined {
  const value = env[name]
  const file = env[`${name}_FILE`]
  if (value && file) throw new Error(`${name} and ${name}_FILE are both set: keep one.`)
  if (!file) return value || undefined
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "")
  } catch (cause) {
    throw new Error(`${name}_FILE names ${file}, which cannot be read.`, { cause })
  }
}

function fromEnvironment(name: string, env: Environment): string | undefined {
  const value = valueOrFile(name, env)
  if (value === undefined) return undefined
  if (isWeakSecret(value))
    throw new Error(
      `${name} is too weak: use at least 32 random characters, for example from "openssl rand -base64 32".`,
    )
  return value
}

/** Short, repetitive, or a value that stands in somebody's documentation. */
function isWeakSecret(value: string): boolean {
  if (value.length < 32 || new Set(value).size < 12) return true
  return /change.?me|example|placeholder|your.?secret|better-auth-secret|password/i.test(value)
}

function keptSecrets(dataDir: string): Secrets {
  const file = join(dataDir, "secrets.json")
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const made: Secrets = {
    authSecret: randomBytes(32).toString("base64url"),
    keyPepper: randomBytes(32).toString("base64url"),
  }
  try {
    // "wx": of two processes that start at once, one makes the file and the other reads it.
    writeFileSync(file, `${JSON.stringify(made)}\n`, { flag: "wx", mode: 0o600 })
    return made
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
  }
  chmodSync(file, 0o600)
  const kept = readKept(file)
  if (!kept)
    throw new Error(`${file} is damaged. Restore it from a backup; without it no ingest key and no session is valid.`)
  return kept
}

/** The other process may have made the file and not yet written it. */
function readKept(file: string): Secrets | null {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      const value = JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>
      if (typeof value.authSecret === "string" && typeof value.keyPepper === "string")
        return { authSecret: value.authSecret, keyPepper: value.keyPepper }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 25)
  }
  return null
}
