import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join, posix, relative, sep } from "node:path"
import { type Import, type Parsed, parseSource } from "./parse"
import { CLIENT_NEVER, LAYERS, SQL_FILES, TESTING, USES_TESTING } from "./table"

export type Violation = {
  file: string
  line: number
  rule: "direction" | "sql" | "client" | "html" | "testing"
  text: string
}

type Sources = Map<string, Parsed>

const SOURCE = /\.(ts|tsx|mts|mjs)$/
const SKIPPED = new Set(["node_modules", "violations", "test-results", "playwright-report"])

/**
 * Every place under `root` where an import goes against the layout, all rules alike.
 * @returns violations in order of file and line; empty when the tree is clean.
 */
export function checkTree(root: string): { files: number; violations: Violation[] } {
  const sources: Sources = new Map(
    sourcesIn(root).map((file) => [file, parseSource(readFileSync(join(root, file), "utf8"), file)]),
  )
  const violations = [...sources].flatMap(([file, parsed]) => [
    ...checkFile(root, file, parsed),
    ...checkClient(root, file, sources),
  ])
  violations.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  return { files: sources.size, violations }
}

function checkFile(root: string, file: string, { imports, rawHtml }: Parsed): Violation[] {
  const found: Violation[] = rawHtml.map((line) => ({
    file,
    line,
    rule: "html",
    text: "dangerouslySetInnerHTML is never used",
  }))
  if (TESTING.test(file)) return found
  const layer = LAYERS.find(({ path }) => path.test(file))
  for (const { from, line, names } of imports) {
    const target = resolveImport(root, file, from)
    if (target === null) {
      if (isSql(from, names) && !SQL_FILES.some((path) => path.test(file))) {
        found.push({
          file,
          line,
          rule: "sql",
          text: `SQL (${from}) belongs to db/, ingest/writer, policy/apply or reports/`,
        })
      }
    } else if (TESTING.test(target)) {
      if (!USES_TESTING.test(file)) found.push({ file, line, rule: "testing", text: `${target} is for tests only` })
    } else if (layer && !layer.may.some((prefix) => target.startsWith(prefix === "$own" ? ownFolder(file) : prefix))) {
      if (LAYERS.some(({ path }) => path.test(target)))
        found.push({ file, line, rule: "direction", text: `must not import ${target}` })
    }
  }
  return found
}

/** Follows what a client file loads, whatever lies between, to what must stay on the server. */
function checkClient(root: string, start: string, sources: Sources): Violation[] {
  if (!sources.get(start)?.directives.includes("use client")) return []
  const found: Violation[] = []
  const seen = new Set([start])
  const queue: { file: string; trail: string[]; line: number }[] = [{ file: start, trail: [start], line: 0 }]
  for (let at = queue.shift(); at; at = queue.shift()) {
    for (const { from, line } of sources.get(at.file)?.imports ?? []) {
      const target = resolveImport(root, at.file, from)
      const firstLine = at.line || line
      const trail = [...at.trail, target ?? from]
      const forbidden = target ? CLIENT_NEVER.paths.some((path) => target.startsWith(path)) : isServerPackage(from)
      if (forbidden)
        found.push({
          file: start,
          line: firstLine,
          rule: "client",
          text: `would ship to the browser: ${trail.join(" -> ")}`,
        })
      // Behind "use server" stands a call, not code.
      else if (target && !seen.has(target) && !sources.get(target)?.directives.includes("use server")) {
        seen.add(target)
        queue.push({ file: target, trail, line: firstLine })
      }
    }
  }
  return found
}

function isServerPackage(from: string): boolean {
  const isOf = (name: string) => from === name || from.startsWith(`${name}/`)
  return CLIENT_NEVER.packages.some(isOf) && !CLIENT_NEVER.except.some(isOf)
}

function isSql(from: string, names: Import["names"]): boolean {
  if (from === "postgres" || from.startsWith("postgres/")) return true
  return from.startsWith("drizzle-orm") && (names.includes("sql") || names.includes("*"))
}

function ownFolder(file: string): string {
  return `${file.split("/").slice(0, 2).join("/")}/`
}

/** The file of ours that an import means, relative to the root; null for a package. */
function resolveImport(root: string, file: string, from: string): string | null {
  const plain = from.startsWith("@/")
    ? from.slice(2)
    : from.startsWith(".")
      ? posix.join(dirname(file).replaceAll(sep, "/"), from)
      : null
  if (plain === null) return null
  const endings = ["", ".ts", ".tsx", ".mts", ".mjs", "/index.ts", "/index.tsx"]
  const found = endings
    .map((ending) => plain + ending)
    .find((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile())
  return found ?? plain
}

function sourcesIn(root: string, folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || (SKIPPED.has(entry.name) && folder !== root) || entry.name === "node_modules")
      return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesIn(root, path)
    return SOURCE.test(entry.name) && !entry.name.endsWith(".d.ts") ? [relative(root, path).replaceAll(sep, "/")] : []
  })
}
