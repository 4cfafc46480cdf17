import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { parseSource } from "./parse"
import { checkTree } from "./rules"

describe("a tree that breaks every rule", () => {
  const { violations } = checkTree(fileURLToPath(new URL("./fixtures/violations", import.meta.url)))
  const said = violations.map(({ file, line, rule, text }) => `${file}:${line} [${rule}] ${text}`)

  it("each break is named with its file, line and rule, and nothing else is", () => {
    expect(said).toEqual([
      "access/key.ts:1 [direction] must not import ingest/accept.ts",
      "app/(dashboard)/page.tsx:1 [direction] must not import ingest/accept.ts",
      "components/runs/load.ts:1 [direction] must not import db/queries/rows.ts",
      "components/runs/row.tsx:2 [client] would ship to the browser: components/runs/row.tsx -> components/runs/load.ts -> db/queries/rows.ts",
      "components/spend/view.tsx:1 [direction] must not import components/runs/row.tsx",
      "components/ui/panel.tsx:2 [client] would ship to the browser: components/ui/panel.tsx -> lib/contract.ts -> zod",
      "components/ui/panel.tsx:5 [html] dangerouslySetInnerHTML is never used",
      "db/queries/rows.ts:2 [testing] db/nowhere.test.ts is for tests only",
      "ingest/accept.ts:1 [sql] SQL (postgres) belongs to db/, ingest/writer, policy/apply or reports/",
      "lib/upward.ts:1 [direction] must not import db/queries/rows.ts",
    ])
  })
})

describe("what counts as an import", () => {
  const imports = (text: string) => parseSource(text, "x.ts").imports.map(({ from }) => from)

  it("types are erased, in every form", () => {
    expect(
      imports(
        'import type { A } from "a"; import { type B } from "b"; export type { C } from "c"; type D = import("d").D',
      ),
    ).toEqual([])
  })

  it("values are found, in every form", () => {
    const text =
      'import a from "a"; import { type B, b } from "b"; import "c"; export * from "d"; export { e } from "e"; import("f"); require("g")'
    expect(imports(text)).toEqual(["a", "b", "c", "d", "e", "f", "g"])
  })
})
