import { z } from "zod"
import { accessConfig } from "@/access/config"
import { isWeakKeySecret, makeKeySecret, parseKeySecret } from "@/access/key-secret"
import { weakness } from "@/access/password"
import { type Environment, valueOrFile } from "@/access/secrets"
import { install, isSetUp } from "@/access/setup"

/**
 * Set-up without a browser: ANDON_INIT_ADMIN_EMAIL, ANDON_INIT_ADMIN_PASSWORD, ANDON_INIT_PROJECT (default "Default"),
 * ANDON_INIT_INGEST_KEY (default: one is made that nobody sees; administrators make others). Each but the e-mail also as `…_FILE`.
 * Does nothing once anybody exists, so that a second start changes nothing.
 * @returns true when it set Andon up.
 * @throws Error in words for the operator when a value is missing, malformed or weak; no value is part of it.
 */
export async function initFromEnvironment(env: Environment): Promise<boolean> {
  const email = env.ANDON_INIT_ADMIN_EMAIL?.trim().toLowerCase()
  const password = valueOrFile("ANDON_INIT_ADMIN_PASSWORD", env)
  const keyText = valueOrFile("ANDON_INIT_INGEST_KEY", env)
  const project = valueOrFile("ANDON_INIT_PROJECT", env)?.trim()
  accessConfig()
  if (!email && !password && !keyText && !project) return false
  if (await isSetUp()) return false
  if (!email || !password)
    throw new Error(
      "Head-less set-up needs both ANDON_INIT_ADMIN_EMAIL and ANDON_INIT_ADMIN_PASSWORD (or …_PASSWORD_FILE).",
    )
  if (!z.email().safeParse(email).success) throw new Error("ANDON_INIT_ADMIN_EMAIL is not an e-mail address.")
  const reason = weakness(password, email)
  if (reason) throw new Error(`ANDON_INIT_ADMIN_PASSWORD is refused. ${reason}`)
  const key = keyText === undefined ? makeKeySecret() : parseKeySecret(keyText)
  if (!key)
    throw new Error(
      "ANDON_INIT_INGEST_KEY must have the form andon_live_<8 letters or digits>_<43 letters of base64url>.",
    )
  if (isWeakKeySecret(key)) throw new Error("ANDON_INIT_INGEST_KEY is refused: its last 43 characters are not random.")
  const done = await install(
    { email, name: email.split("@")[0] ?? email, password },
    { name: project || "Default", zone: "UTC" },
    key,
    null,
    { requestId: "init", remoteIp: null },
  )
  if (done) process.stdout.write(`Set up for ${email}, project ${done.project}.\n`)
  return done !== null
}
