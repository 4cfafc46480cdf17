import { describe, expect, test } from "vitest"
import type { SavedView } from "@/lib/contracts/views"
import { paletteOptions } from "./palette-options"

const VIEW: SavedView = {
  id: 7,
  name: "Night shift",
  path: "/runs",
  query: "last=24h&status=halted",
  is_shared: true,
  is_own: false,
  may_change: false,
  made_by: "Ada",
  created_at: "2026-11-20T10:00:00.000Z",
  updated_at: "2026-11-20T10:00:00.000Z",
}
const NOTHING = { recent: [], views: [], search: undefined, isAdmin: true }
const lines = (
  typed: string,
  found: Partial<Parameters<typeof paletteOptions>[2]> = {},
  project: string | null = "demo",
) => paletteOptions(typed, project, { ...NOTHING, ...found })

describe("the lines of the search", () => {
  test("while nothing is typed: views and the pages of the rail, and no way to a list", () => {
    const options = lines("  ", { views: [VIEW] })
    expect(options[0]).toMatchObject({ text: "Night shift", href: "/runs?last=24h&project=demo&status=halted" })
    expect(options.map((option) => option.text)).toContain("Board")
    expect(options.some((option) => option.group === "Everything")).toBe(false)
  })

  test("pages by any of their words, settings of administrators for them alone", () => {
    expect(lines("cost").map((option) => option.text)).toContain("Spend")
    expect(lines("dead letters")[0]).toMatchObject({ text: "Ingest warnings", href: "/settings/ingest?project=demo" })
    expect(lines("secret").map((option) => option.text)).toContain("Ingest keys")
    expect(lines("secret", { isAdmin: false }).map((option) => option.text)).not.toContain("Ingest keys")
  })

  test("names lead to the page that shows them, whatever they hold", () => {
    const search = {
      q: "x",
      runs: [],
      names: [
        { dimension: "workflow" as const, name: "a&b=c #1" },
        { dimension: "model" as const, name: "~odd" },
        { dimension: "team" as const, name: "" },
      ],
    }
    const [workflow, model, team] = lines("x", { search }, null)
    expect(new URL(workflow?.href ?? "", "http://a").searchParams.get("workflow")).toBe("a&b=c #1")
    expect(model?.href).toBe("/spend?model=%7E%7Eodd")
    expect(team).toMatchObject({ href: "/spend?team=%7E-", text: '""', group: "Teams" })
  })

  test("runs come first with their light, the whole list last; no id stands twice", () => {
    const run = { id: "a/b?c", workflow: null, status: "halted", proof: "pending", hold: null } as const
    const search = { q: "a", runs: [{ ...run, started_at: "2026-11-20T10:00:00.000Z" }], names: [] }
    const options = lines("a", { search })
    expect(options[0]).toMatchObject({ light: "halted", note: "halted", href: "/runs/a%2Fb%3Fc?project=demo" })
    expect(options.at(-1)).toMatchObject({ group: "Everything", href: "/runs?project=demo&q=a" })
    expect(new Set(options.map((option) => option.id)).size).toBe(options.length)
  })
})
