import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { readAccessConfig } from "@/access/config"
import { loadSecrets } from "@/access/secrets"

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "andon-config-"))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe("A18 secrets", () => {
  it("are made once into a file of mode 0600, and differ between installations", () => {
    const first = loadSecrets(join(dir, "a"), {})
    expect(loadSecrets(join(dir, "a"), {})).toEqual(first)
    const other = loadSecrets(join(dir, "b"), {})
    expect(other.authSecret).not.toBe(first.authSecret)
    expect(other.keyPepper).not.toBe(first.keyPepper)
    expect(statSync(join(dir, "a", "secrets.json")).mode & 0o777).toBe(0o600)
    chmodSync(join(dir, "a", "secrets.json"), 0o644)
    loadSecrets(join(dir, "a"), {})
    expect(statSync(join(dir, "a", "secrets.json")).mode & 0o777).toBe(0o600)
  })

  it("come from the environment or a file that it names", () => {
    const secret = "u5Wq0Zr8Xy3LkP1vTn6BdGhJm9SeFaCi"
    const file = join(dir, "pepper")
    writeFileSync(file, `${secret}\n`)
    expect(loadSecrets(dir, { ANDON_AUTH_SECRET: secret, ANDON_KEY_PEPPER_FILE: file })).toEqual({
      authSecret: secret,
      keyPepper: secret,
    })
    expect(() => loadSecrets(dir, { ANDON_AUTH_SECRET: secret, ANDON_AUTH_SECRET_FILE: file })).toThrow(/both set/)
    expect(() => loadSecrets(dir, { ANDON_AUTH_SECRET_FILE: join(dir, "none") })).toThrow(/cannot be read/)
  })

  it.each([
    "short",
    "a".repeat(64),
    "better-auth-secret-12345678901234567890",
    "changeme-changeme-changeme-changeme-42",
    "this-is-an-example-secret-0123456789-abc",
  ])("refuses %s without printing it", (value) => {
    let message = ""
    try {
      loadSecrets(dir, { ANDON_AUTH_SECRET: value })
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/too weak/)
    expect(message).not.toContain(value)
  })

  it("names a damaged file instead of making new secrets over it", () => {
    writeFileSync(join(dir, "secrets.json"), "{}")
    expect(() => loadSecrets(dir, {})).toThrow(/damaged/)
    expect(readFileSync(join(dir, "secrets.json"), "utf8")).toBe("{}")
  })
})

describe("A3 address", () => {
  const read = (env: Record<string, string>) => readAccessConfig({ ANDON_DATA_DIR: dir, ...env })

  it("on this machine is reached by any of its names", () => {
    const config = read({ PORT: "4110", HOST: "0.0.0.0" })
    expect(config.publicUrl.origin).toBe("http://127.0.0.1:4110")
    expect([...config.origins].sort()).toEqual(["http://127.0.0.1:4110", "http://[::1]:4110", "http://localhost:4110"])
    expect(config).toMatchObject({ isSecure: false, isInsecureOnPurpose: false })
  })

  it("elsewhere needs https, or leave to go without it", () => {
    expect(() => read({ ANDON_URL: "http://andon.example" })).toThrow(/INSECURE_HTTP/)
    expect(read({ ANDON_URL: "http://andon.example", INSECURE_HTTP: "1" }).isInsecureOnPurpose).toBe(true)
    const config = read({ ANDON_URL: "https://andon.example" })
    expect([...config.origins]).toEqual(["https://andon.example"])
    expect(config.isSecure).toBe(true)
  })

  it.each([
    "nonsense",
    "ftp://andon.example",
    "https://andon.example/path",
    "https://user@andon.example",
    "https://a.example/?x",
  ])("refuses %s", (url) => {
    expect(() => read({ ANDON_URL: url })).toThrow(/ANDON_URL/)
  })
})
