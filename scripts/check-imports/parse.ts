import { parse } from "@babel/parser"

export type Import = {
  from: string
  line: number
  /** Imported names; `default` and `*` for those forms, empty for a bare or dynamic import. */
  names: string[]
}

export type Parsed = {
  /** What is imported, re-exported or loaded at run time. Types are erased, so imports of types are not here. */
  imports: Import[]
  directives: string[]
  /** Lines that set HTML from a string. */
  rawHtml: number[]
}

const RAW_HTML = "dangerouslySetInnerHTML"

type Node = { type: string; loc?: { start: { line: number } } | null } & Record<string, unknown>

/** @throws SyntaxError of the parser, with the position in its text. */
export function parseSource(text: string, file: string): Parsed {
  const plugins: ("typescript" | "jsx")[] = file.endsWith("x") ? ["typescript", "jsx"] : ["typescript"]
  const { program } = parse(text, { sourceType: "module", plugins, createImportExpressions: true })
  const found: Parsed = { imports: [], directives: program.directives.map(({ value }) => value.value), rawHtml: [] }
  visit(program as unknown as Node, found)
  return found
}

function visit(node: Node, found: Parsed): void {
  const line = node.loc?.start.line ?? 0
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration": {
      const names = valueNames(node)
      const from = literal(node.source)
      if (from !== null && names !== null) found.imports.push({ from, line, names })
      break
    }
    case "ImportExpression": {
      const from = literal(node.source)
      if (from !== null) found.imports.push({ from, line, names: [] })
      break
    }
    case "CallExpression": {
      const callee = node.callee as Node
      const from = literal((node.arguments as unknown[])[0])
      if (callee.type === "Identifier" && callee.name === "require" && from !== null)
        found.imports.push({ from, line, names: [] })
      break
    }
    case "JSXAttribute":
      if ((node.name as Node).name === RAW_HTML) found.rawHtml.push(line)
      break
    case "ObjectProperty": {
      const key = node.key as Node
      if (key.name === RAW_HTML || key.value === RAW_HTML) found.rawHtml.push(line)
      break
    }
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === "loc" || key.endsWith("Comments")) continue
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, found)
  }
}

/** Null when nothing of it is left at run time. */
function valueNames(node: Node): string[] | null {
  if (node.importKind === "type" || node.importKind === "typeof" || node.exportKind === "type") return null
  if (node.type === "ExportAllDeclaration") return ["*"]
  const specifiers = (node.specifiers ?? []) as Node[]
  const values = specifiers.filter(({ importKind, exportKind }) => importKind !== "type" && exportKind !== "type")
  if (specifiers.length > 0 && values.length === 0) return null
  return values.map((specifier) => {
    if (specifier.type === "ImportDefaultSpecifier") return "default"
    if (specifier.type === "ImportNamespaceSpecifier") return "*"
    const name = (specifier.imported ?? specifier.local) as Node
    return String(name.name ?? name.value)
  })
}

function literal(node: unknown): string | null {
  return isNode(node) && node.type === "StringLiteral" ? String(node.value) : null
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
}
