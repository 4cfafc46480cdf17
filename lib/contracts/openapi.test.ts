import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { openApiDocument } from "@/lib/contracts/openapi"
import { OPERATIONS } from "@/lib/contracts/operations"

const root = fileURLToPath(new URL("../../", import.meta.url))
const document = JSON.parse(JSON.stringify(openApiDocument("1.2.3"))) as {
  paths: Record<string, Record<string, { operationId: string; parameters: { name: string }[] }>>
  components: { schemas: Record<string, unknown> }
}

/** `GET /api/v1/runs/{id}` for each method that a route file exports. */
function routes(): string[] {
  const folder = join(root, "app/api/v1")
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("route.ts"))
  return files.flatMap((file) => {
    const path = `/${relative(root, join(folder, file))
      .replace("app/", "")
      .replace("/route.ts", "")
      .replace(/\[(\w+)\]/g, "{$1}")}`
    const methods = [
      ...readFileSync(join(folder, file), "utf8").matchAll(/export const (GET|POST|PUT|PATCH|DELETE)\b/g),
    ]
    return methods.map(([, method]) => `${method} ${path}`)
  })
}

describe("openapi", () => {
  test("names every route file of the API and every method that it has, and nothing else", () => {
    const described = OPERATIONS.map((operation) => `${operation.method.toUpperCase()} ${operation.path}`)
    // These two are handlers of the server in front, which routes mount or do not need.
    const inFront = ["POST /api/v1/events", "GET /api/v1/live"]
    expect([...described].sort()).toEqual([...new Set([...routes(), ...inFront])].sort())
  })

  test("every reference leads to a schema", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    )
    expect(references.length).toBeGreaterThan(20)
    for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name)
  })

  test("operations have names of their own, and parameters are named once", () => {
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
    expect(new Set(operations.map((operation) => operation.operationId)).size).toBe(operations.length)
    for (const { parameters } of operations) {
      const names = parameters.map((parameter) => parameter.name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  test("the events that may be sent are the ones that are validated", () => {
    expect(JSON.stringify(document.components.schemas.Event)).toContain('"const":"run.halted"')
    expect(JSON.stringify(document.components.schemas.Event)).toContain('"const":"cost"')
  })
})
