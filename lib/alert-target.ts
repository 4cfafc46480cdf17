import { lookup as resolve } from "node:dns"
import type { LookupFunction } from "node:net"
import ipaddr from "ipaddr.js"
import { AppError } from "@/lib/errors"

/** Where alerts may go: out into the world by https, and to what the operator of the installation has named. */
const PORTS = new Set(["443", "80", "8443"])

/** `host:port`, lower case; from `ANDON_ALERT_ALLOW`. */
export type Allowed = ReadonlySet<string>
export type Resolver = typeof resolve

/** @throws Error in words for the operator, where an entry is no host and port. */
export function readAllowed(text: string | undefined): Allowed {
  const entries = (text ?? "").toLowerCase().split(/[\s,]+/)
  const allowed = entries.filter(Boolean)
  for (const entry of allowed)
    if (!/^(\[[0-9a-f:.]+\]|[^\s:/@]+):\d{1,5}$/.test(entry))
      throw new Error(`ANDON_ALERT_ALLOW must list host:port, separated by commas; ${entry} is none.`)
  return new Set(allowed)
}

let own: Allowed | undefined
/** Of this process's environment, read at first use. */
export function allowedTargets(): Allowed {
  own ??= readAllowed(process.env.ANDON_ALERT_ALLOW)
  return own
}

const refuse = (why: string) => new AppError("webhook_target_forbidden", why, { field: "url" })

/** `host:port` as the allow list has it. */
function nameOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`
}

/** True where the operator has opened it by name: then it may lie inside, and speak plain http. */
export function isOpened(url: URL, allowed: Allowed): boolean {
  return allowed.has(nameOf(url))
}

/**
 * What can be judged of an address without asking for it: scheme, port, credentials, and a host that is a number already.
 * @throws AppError `webhook_target_forbidden`.
 */
export function checkTarget(text: string, allowed: Allowed): URL {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw refuse("This is no address.")
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("An alert goes to an https address.")
  if (url.username || url.password) throw refuse("An address with a name or a password in it is not taken.")
  if (isOpened(url, allowed)) return url
  if (url.protocol !== "https:") throw refuse("An alert goes to an https address.")
  if (!PORTS.has(url.port || "443")) throw refuse(`Port ${url.port} is not one that alerts go to: 443, 80 or 8443.`)
  const host = bare(url.hostname)
  if (ipaddr.isValid(host)) {
    if (!isPublicAddress(host)) throw inside()
  } else if (isInsideName(host)) throw inside()
  return url
}

const bare = (host: string) => host.replace(/^\[|\]$/g, "")
const inside = () =>
  refuse("This address lies inside a network. Who runs Andon can open it by name: ANDON_ALERT_ALLOW=host:port.")

/** Names that mean this machine or its network wherever they are asked. */
function isInsideName(host: string): boolean {
  const name = host.replace(/\.$/, "")
  return name === "" || !name.includes(".") || /(^|\.)(localhost|local|internal|lan|home\.arpa)$/.test(name)
}

/** All of IPv6 that is given out (RFC 4291): what has no name elsewhere is not therefore public. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3")

/** Global unicast: no loopback, private, link-local, carrier, multicast, documentation or transition range, also inside a mapped IPv6 address. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.process(text)
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL_IPV6)) return false
  return address.range() === "unicast"
}

/**
 * A `lookup` for `node:net` that answers with what it has judged: the connection goes to that very address, whatever the name means a moment later. One answer
 * that lies inside spoils them all.
 */
export function judgedLookup(isOpen: boolean, ask: Resolver = resolve): LookupFunction {
  return (hostname, options, done) => {
    ask(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, "", 0)
      const first = found[0]
      if (!first) return done(new Error(`${hostname} has no address.`), "", 0)
      if (!isOpen && !found.every(({ address }) => isPublicAddress(address))) return done(inside(), "", 0)
      if (options.all) done(null, [...found])
      else done(null, first.address, first.family)
    })
  }
}

/**
 * Judges an address before it is kept: what its name means now, too. A name that means nothing yet is taken; every connection judges again.
 * @throws AppError `webhook_target_forbidden`.
 */
export async function assertTarget(text: string, allowed: Allowed, ask: Resolver = resolve): Promise<URL> {
  const url = checkTarget(text, allowed)
  if (isOpened(url, allowed) || ipaddr.isValid(bare(url.hostname))) return url
  const error = await new Promise<unknown>((settle) =>
    judgedLookup(false, ask)(url.hostname, { all: false }, (error) => settle(error)),
  )
  if (error instanceof AppError) throw error
  return url
}
