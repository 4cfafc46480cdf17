import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { CATCH_ALL, MATRIX, methodsOf } from "@/access/matrix"
import { can, PERMISSIONS, type Permission } from "@/access/permissions"

const ROOT = fileURLToPath(new URL("..", import.meta.url))
const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]

/** Methods that a route file exports, in any of the three ways of writing it. */
function exportedMethods(source: string): string[] {
  return METHODS.filter((method) =>
    new RegExp(
      `export (const|async function|function) ${method}\\b|\\bas ${method}\\b|export \\{[^}]*\\b${method}\\b`,
    ).test(source),
  )
}

const files = readdirSync(join(ROOT, "app/api"), { recursive: true, encoding: "utf8" })
  .filter((file) => /(^|\/)route\.tsx?$/.test(file))
  .map((file) => ({
    path: `/api/${file.replace(/\/route\.tsx?$/, "")}`,
    source: readFileSync(join(ROOT, "app/api", file), "utf8"),
  }))

const isIngest = (source: string) => /\bingestRoute\(/.test(source)

describe("A8 the matrix is the specification", () => {
  it("names every route and method of the API, and no other", () => {
    const real = files
      .filter(({ path }) => path !== CATCH_ALL)
      // Every method of an ingest route is one handler, which itself answers 405 to all but POST.
      .flatMap(({ path, source }) =>
        (isIngest(source) ? ["POST"] : exportedMethods(source)).map((method) => `${method} ${path}`),
      )
    expect(MATRIX.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(real.sort())
  })

  it("every route goes through the one wrapper, or through the ingest handler", () => {
    for (const { path, source } of files) {
      const isWrapped = /\broute\(|\bread\(/.test(source) || isIngest(source)
      expect({ path, isWrapped }).toEqual({ path, isWrapped: true })
    }
  })

  it("grants each role exactly this", () => {
    const granted = (role: Parameters<typeof can>[0]) =>
      (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => can(role, permission))
    expect(granted("viewer")).toEqual([
      "spend.read",
      "runs.read",
      "payload.read",
      "dead_letters.read",
      "audit.read",
      "views.save",
    ])
    expect(granted("operator")).toEqual([
      "spend.read",
      "runs.read",
      "payload.read",
      "dead_letters.read",
      "dead_letters.replay",
      "exceptions.act",
      "runs.stop",
      "runs.release",
      "audit.read",
      "policies.manage",
      "views.save",
      "views.share",
    ])
    expect(granted("finance")).toEqual([
      "spend.read",
      "runs.read",
      "audit.read",
      "views.save",
      "prices.manage",
      "periods.manage",
      "budgets.manage",
    ])
    expect(granted("key")).toEqual(["spend.read", "runs.read", "payload.read", "dead_letters.read"])
    expect(granted("admin").sort()).toEqual(Object.keys(PERMISSIONS).sort())
  })

  it("A14: knows the methods of every address, of parameters too, and of nothing else", () => {
    expect(methodsOf("/api/v1/keys")).toEqual(["GET", "HEAD", "OPTIONS", "POST"])
    expect(methodsOf("/api/v1/keys/12")).toEqual(["DELETE", "OPTIONS"])
    expect(methodsOf("/api/v1/runs/r%2F1:a.b/spans/x")).toEqual(["GET", "HEAD", "OPTIONS"])
    for (const path of ["/api/v1/key", "/api/v1/keys/1/2", "/api/v1", "/xapi/v1/keys", "/api/v1/openapi-json", "/"])
      expect(methodsOf(path)).toBeNull()
  })
})
