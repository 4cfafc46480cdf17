import { BlockList, isIP } from "node:net"

export type RemoteAddress = (socketAddress: string | undefined, forwardedFor: string | undefined) => string | null

/**
 * Who sent a request: the socket's address, or, when that is a trusted proxy, the last address in `X-Forwarded-For` that is none.
 * @param trusted addresses or CIDR ranges.
 * @throws Error naming an entry that is neither.
 */
export function remoteAddress(trusted: readonly string[]): RemoteAddress {
  const proxies = new BlockList()
  for (const entry of trusted) addRange(proxies, entry)
  const isTrusted = (address: string) => {
    const family = isIP(address)
    return family !== 0 && proxies.check(address, family === 6 ? "ipv6" : "ipv4")
  }
  return (socketAddress, forwardedFor) => {
    if (socketAddress === undefined) return null
    const direct = plain(socketAddress)
    if (trusted.length === 0 || forwardedFor === undefined || !isTrusted(direct)) return direct
    const hops = forwardedFor.split(",").map((hop) => plain(hop.trim()))
    let remote = direct
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = hops[i] as string
      if (isIP(hop) === 0) break
      remote = hop
      if (!isTrusted(hop)) break
    }
    return remote
  }
}

/** An IPv4 address in the clothes of IPv6 is the same address. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address
}

function addRange(list: BlockList, entry: string): void {
  const [address = "", bits] = entry.split("/")
  const family = isIP(address)
  const most = family === 6 ? 128 : 32
  if (family === 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
    throw new Error(`ANDON_TRUSTED_PROXIES: "${entry}" is neither an address nor a range such as 10.0.0.0/8`)
  list.addSubnet(address, bits === undefined ? most : Number(bits), family === 6 ? "ipv6" : "ipv4")
}
