import { expect, test } from "vitest"
import { readEnv } from "./env"

test("nothing set: loopback, port 3000, the documented bounds", () => {
  expect(readEnv({})).toEqual({
    host: "127.0.0.1",
    port: 3000,
    trustedProxies: [],
    hasIngestFront: true,
    limits: { bodyBytes: 20 * 1024 * 1024, eventsPerRequest: 5000, inFlightBytes: 128 * 1024 * 1024 },
    retentionDays: null,
  })
})

test("an empty variable is one that is not set", () => {
  expect(readEnv({ PORT: "", HOST: "", ANDON_MAX_EVENTS: "", ANDON_INGEST_FRONT: "" })).toEqual(readEnv({}))
})

test("what is set is taken", () => {
  const env = readEnv({
    HOST: "::1",
    PORT: "4000",
    ANDON_TRUSTED_PROXIES: "10.0.0.1, 10.1.0.0/16",
    ANDON_INGEST_FRONT: "off",
    ANDON_MAX_EVENTS: "7",
  })
  expect(env).toMatchObject({
    host: "::1",
    port: 4000,
    trustedProxies: ["10.0.0.1", "10.1.0.0/16"],
    hasIngestFront: false,
  })
  expect(env.limits.eventsPerRequest).toBe(7)
})

test.each(["0", "65536", "3e3", " 80", "-1", "http"])("PORT=%s is refused by name", (PORT) => {
  expect(() => readEnv({ PORT })).toThrow(/^PORT must be a whole number from 1 to 65535$/)
})

test("every wrong variable is named at once", () => {
  expect(() => readEnv({ PORT: "x", ANDON_MAX_EVENTS: "0" })).toThrow(/PORT must.*\nANDON_MAX_EVENTS must/)
})
