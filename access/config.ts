import { resolve } from "node:path"
import { type Environment, loadSecrets, type Secrets } from "@/access/secrets"

export type AccessConfig = Secrets & {
  dataDir: string
  /** The address that people type; origin only. */
  publicUrl: URL
  /** Origins that our own pages come from. */
  origins: ReadonlySet<string>
  /** https: `__Host-` cookie, Secure. */
  isSecure: boolean
  /** Plain http beyond this machine, allowed on purpose: pages say so in red. */
  isInsecureOnPurpose: boolean
}

const holder = globalThis as typeof globalThis & { andonAccess?: AccessConfig }

/** What access control needs to know about this installation; read from the environment at first use. */
export function accessConfig(): AccessConfig {
  holder.andonAccess ??= readAccessConfig(process.env)
  return holder.andonAccess
}

export function configureAccess(config: AccessConfig): void {
  holder.andonAccess = config
}

/** @throws Error in words for the operator: an address that is none, plain http beyond this machine, a weak secret. */
export function readAccessConfig(env: Environment): AccessConfig {
  // The comment keeps the bundler from tracing the whole repository into the pages' files.
  const dataDir = resolve(/* turbopackIgnore: true */ env.ANDON_DATA_DIR || ".andon")
  const publicUrl = publicAddress(env)
  const isSecure = publicUrl.protocol === "https:"
  const isInsecureOnPurpose = !isSecure && !isLoopback(publicUrl.hostname)
  if (isInsecureOnPurpose && env.INSECURE_HTTP !== "1")
    throw new Error(
      `ANDON_URL is ${publicUrl.origin}: passwords would cross the network unprotected. Put https in front of Andon and name that address, or set INSECURE_HTTP=1.`,
    )
  return {
    dataDir,
    publicUrl,
    origins: ownOrigins(publicUrl),
    isSecure,
    isInsecureOnPurpose,
    ...loadSecrets(dataDir, env),
  }
}

function publicAddress(env: Environment): URL {
  const text = env.ANDON_URL || `http://${localHost(env.HOST)}:${env.PORT || "3000"}`
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw new Error(`ANDON_URL is not an address: ${text}`, { cause })
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new Error("ANDON_URL must begin with http:// or https://")
  if (url.pathname !== "/" || url.search || url.hash || url.username)
    throw new Error("ANDON_URL must be scheme, host and port alone.")
  return url
}

/** A server that listens everywhere is reached from this machine by its loopback address. */
function localHost(host: string | undefined): string {
  if (!host || host === "0.0.0.0" || host === "::") return "127.0.0.1"
  return host.includes(":") ? `[${host}]` : host
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** On this machine people type either name of it. */
function ownOrigins(url: URL): Set<string> {
  const origins = new Set([url.origin])
  if (url.protocol === "http:" && isLoopback(url.hostname))
    for (const host of ["localhost", "127.0.0.1", "[::1]"])
      origins.add(new URL(`http://${host}:${url.port || "80"}`).origin)
  return origins
}
