import { expect, test } from "vitest"
import { remoteAddress } from "./remote"

test("without trusted proxies the socket's address counts, whatever is forwarded", () => {
  const of = remoteAddress([])
  expect(of("203.0.113.7", "1.1.1.1")).toBe("203.0.113.7")
  expect(of("::ffff:203.0.113.7", undefined)).toBe("203.0.113.7")
  expect(of(undefined, "1.1.1.1")).toBeNull()
})

test("B65: from a stranger a forwarded address is not believed", () => {
  expect(remoteAddress(["10.0.0.0/8"])("203.0.113.7", "1.1.1.1")).toBe("203.0.113.7")
})

test("behind a trusted proxy the last address that is not itself trusted counts", () => {
  const of = remoteAddress(["10.0.0.0/8", "fd00::/8"])
  expect(of("10.0.0.1", "198.51.100.4")).toBe("198.51.100.4")
  expect(of("::ffff:10.0.0.1", "6.6.6.6, 198.51.100.4, 10.2.2.2")).toBe("198.51.100.4")
  expect(of("fd00::1", "2001:db8::5")).toBe("2001:db8::5")
  expect(of("10.0.0.1", undefined)).toBe("10.0.0.1")
})

test("an entry that is no address ends the chain: nothing before it is believed", () => {
  expect(remoteAddress(["10.0.0.0/8"])("10.0.0.1", "6.6.6.6, unknown, 10.2.2.2")).toBe("10.2.2.2")
})

test.each(["10.0.0.0/33", "example.org", "10.0.0.0/x", "fd00::/129", ""])("%j is refused as a proxy", (entry) => {
  expect(() => remoteAddress([entry])).toThrow(/ANDON_TRUSTED_PROXIES/)
})
