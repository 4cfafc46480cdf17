import { describe, expect, it } from "vitest"
import { assertTarget, checkTarget, isPublicAddress, judgedLookup, type Resolver, readAllowed } from "./alert-target"

const NONE = readAllowed(undefined)
const code = (text: string, allowed = NONE) => {
  try {
    checkTarget(text, allowed)
    return "taken"
  } catch (error) {
    return (error as { code?: string }).code
  }
}
/** A resolver that gives these answers, one after the other. */
function answers(...turns: string[][]): Resolver {
  let turn = 0
  return ((_host: string, _options: unknown, done: (error: null, found: object[]) => void) => {
    const found = turns[Math.min(turn++, turns.length - 1)] ?? []
    done(
      null,
      found.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    )
  }) as unknown as Resolver
}
const lookUp = (ask: Resolver, isOpen = false) =>
  new Promise<string>((settle) =>
    judgedLookup(isOpen, ask)("hooks.example.com", { all: false }, (error, address) =>
      settle(error ? ((error as { code?: string }).code ?? error.message) : String(address)),
    ),
  )

describe("an address that a person types", () => {
  it.each([
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://0x7f.1/",
    "https://１２７.０.０.１/",
    "https://localhost/",
    "https://localhost./",
    "https://a.localhost/",
    "https://0.0.0.0/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[ff02::1]/",
    "https://[2001:db8::1]/",
    "https://[::127.0.0.1]/",
    "https://[4000::1]/",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://240.0.0.1/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://user:pass@hooks.example.com/",
    "https://user@hooks.example.com/",
    "https://hooks.example.com:5432/",
    "https://hooks.example.com:22/",
    "http://hooks.example.com/",
    "file:///etc/passwd",
    "gopher://hooks.example.com/",
    "ftp://hooks.example.com/",
    "no address",
  ])("%s is refused", (text) => {
    expect(code(text)).toBe("webhook_target_forbidden")
  })

  it.each(["https://hooks.slack.com/services/T/B/x", "https://93.184.216.34/", "https://[2606:4700::1111]:8443/x"])(
    "%s is taken",
    (text) => {
      expect(code(text)).toBe("taken")
    },
  )

  it("what the operator has opened by name may lie inside, and nothing beside it", () => {
    const allowed = readAllowed("127.0.0.1:9911, [::1]:9912,alerts.corp:443")
    expect(code("http://127.0.0.1:9911/x", allowed)).toBe("taken")
    expect(code("http://[::1]:9912/", allowed)).toBe("taken")
    expect(code("https://ALERTS.corp/", allowed)).toBe("taken")
    expect(code("http://127.0.0.1:9910/", allowed)).toBe("webhook_target_forbidden")
    expect(code("http://alerts.corp/", allowed)).toBe("webhook_target_forbidden")
    expect(() => readAllowed("nonsense")).toThrow(/ANDON_ALERT_ALLOW/)
  })
})

describe("what a name means", () => {
  it("is judged at every connection: the first answer outside, the second inside", async () => {
    const flipping = answers(["93.184.216.34"], ["127.0.0.1"])
    expect(await lookUp(flipping)).toBe("93.184.216.34")
    expect(await lookUp(flipping)).toBe("webhook_target_forbidden")
  })

  it("one answer that lies inside spoils the others", async () => {
    expect(await lookUp(answers(["93.184.216.34", "10.0.0.1"]))).toBe("webhook_target_forbidden")
    expect(await lookUp(answers(["::ffff:127.0.0.1"]))).toBe("webhook_target_forbidden")
    expect(await lookUp(answers(["127.0.0.1"]), true)).toBe("127.0.0.1")
    expect(await lookUp(answers([]))).toMatch(/no address/)
  })

  it("is judged before it is kept", async () => {
    await expect(assertTarget("https://hooks.example.com/", NONE, answers(["10.0.0.1"]))).rejects.toMatchObject({
      code: "webhook_target_forbidden",
    })
    expect((await assertTarget("https://hooks.example.com/x", NONE, answers(["93.184.216.34"]))).pathname).toBe("/x")
  })

  it.each(["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])("%s is of the world", (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})
