import { expect, it } from "vitest"
import { urlOptions } from "./url-options"

it("an address becomes options; what was encoded is decoded", () => {
  expect(
    urlOptions("postgres://an%40don:p%3Aa%2Fss@db.example:6432/spend%20db?sslmode=require&application_name=x"),
  ).toEqual({
    host: "db.example:6432",
    user: "an@don",
    password: "p:a/ss",
    database: "spend db",
    ssl: "require",
    connection: { application_name: "x" },
  })
})

it("a socket folder comes as a parameter, several hosts as a list", () => {
  expect(urlOptions("postgresql:///andon?host=/var/run/postgresql&port=5433")).toMatchObject({
    host: "/var/run/postgresql",
    port: 5433,
    database: "andon",
  })
  expect(urlOptions("postgres://u@a:5432,b:5433/andon").host).toBe("a:5432,b:5433")
})

it("an unknown sslmode is the strictest, never none", () => {
  expect(urlOptions("postgres://h/d?sslmode=verify-ca").ssl).toBe("verify-full")
  expect(urlOptions("postgres://h/d?sslmode=disable").ssl).toBe(false)
})

it("what is no address is refused without repeating it", () => {
  expect(() => urlOptions("mysql://root:secret@host/db")).toThrow(/^(?!.*secret).*DATABASE_URL is not an address/)
})
