import type { Convention } from "@/ingest/formats/conventions/convention"
import { fitPayload } from "@/ingest/formats/payload"
import { type Attributes, put, type Value } from "./model"
import type { Shape } from "./shape"

/** What went in and came out, and under which name it came; the rest of the attributes is kept as it came, so that a mended mapping can read it again. */
export type Content = {
  input?: unknown
  output?: unknown
  inputFrom?: string
  outputFrom?: string
  attributes: Attributes
  dropped: number
}

type Side = { value: unknown; from: string; prefix?: string }

export function contentOf(a: Attributes, shape: Shape, spoken: readonly Convention[]): Content {
  const input = sideOf(a, shape, spoken, "input", "inputPrefixes")
  const output = sideOf(a, shape, spoken, "output", "outputPrefixes")
  const { attributes, dropped } = bounded(input || output ? without(a, shape, input, output) : a)
  return {
    ...(input ? { input: fitPayload(input.value), inputFrom: input.from } : {}),
    ...(output ? { output: fitPayload(output.value), outputFrom: output.from } : {}),
    attributes,
    dropped,
  }
}

function without(a: Attributes, shape: Shape, input: Side | undefined, output: Side | undefined): Attributes {
  const rest: Attributes = {}
  for (const name of shape.sorted) if (!isMoved(name, input) && !isMoved(name, output)) put(rest, name, a[name])
  return rest
}

const isMoved = (name: string, side: Side | undefined): boolean =>
  side !== undefined && (name === side.from || (side.prefix !== undefined && name.startsWith(side.prefix)))

function sideOf(
  a: Attributes,
  shape: Shape,
  spoken: readonly Convention[],
  names: "input" | "output",
  prefixes: "inputPrefixes" | "outputPrefixes",
): Side | undefined {
  for (const convention of spoken) {
    for (const from of shape.given(convention[names] ?? NONE)) {
      const value = a[from]
      if (value !== undefined && value !== null && value !== "") return { value, from }
    }
    for (const prefix of convention[prefixes] ?? NONE) {
      const value = unflatten(a, prefix)
      if (value !== undefined) return { value, from: `${prefix}*`, prefix }
    }
  }
  return undefined
}

const NONE: readonly string[] = []

type Tree = { [key: string]: Tree | Value }
const DEEPEST = 8

/** `p.0.role`, `p.0.content`, … as a list of objects; undefined when nothing has the prefix. */
function unflatten(a: Attributes, prefix: string): unknown {
  const root: Tree = Object.create(null)
  let hasSome = false
  for (const name in a) {
    if (!name.startsWith(prefix)) continue
    hasSome = true
    const path = name.slice(prefix.length).split(".")
    const last = path.length > DEEPEST ? path.splice(DEEPEST - 1).join(".") : (path.pop() as string)
    let at = root
    for (const part of path) {
      const next = at[part]
      if (next === undefined || next === null || typeof next !== "object" || Array.isArray(next))
        at[part] = Object.create(null)
      at = at[part] as Tree
    }
    at[last] = a[name] as Value
  }
  return hasSome ? listed(root) : undefined
}

/** Keys that are all numbers make a list, in their order. */
function listed(tree: Tree | Value): unknown {
  if (tree === null || typeof tree !== "object" || Array.isArray(tree)) return tree
  const entries = Object.entries(tree)
  if (entries.length > 0 && entries.every(([key]) => /^\d{1,6}$/.test(key)))
    return entries.sort(([x], [y]) => Number(x) - Number(y)).map(([, value]) => listed(value))
  return Object.fromEntries(entries.map(([key, value]) => [key, listed(value)]))
}

/** What an event has room for beside its contents. */
const MOST_KEYS = 500
const MOST_CHARACTERS = 24_000
const SHORT = 256

/** Short values, which are what a mapping reads, before long ones; what finds no room is counted. */
function bounded(all: Attributes): { attributes: Attributes; dropped: number } {
  let size = 0
  let count = 0
  for (const name in all) {
    size += sizeAt(all, name)
    count++
  }
  return count <= MOST_KEYS && size <= MOST_CHARACTERS ? { attributes: all, dropped: 0 } : cutDown(all)
}

function cutDown(all: Attributes): { attributes: Attributes; dropped: number } {
  const names = Object.keys(all)
  const kept: Attributes = {}
  let used = 0
  let count = 0
  for (const isShort of [true, false])
    for (const name of names) {
      const length = sizeAt(all, name)
      if (length <= SHORT !== isShort || count >= MOST_KEYS || used + length > MOST_CHARACTERS) continue
      put(kept, name, all[name])
      used += length
      count++
    }
  return { attributes: kept, dropped: names.length - count }
}

function sizeAt(all: Attributes, name: string): number {
  const value = all[name]
  return name.length + (typeof value === "string" ? value.length : typeof value === "object" ? sizeOf(value) : 8)
}

function sizeOf(value: Value | undefined): number {
  if (value === null || value === undefined) return 4
  const items = Array.isArray(value) ? value : Object.values(value)
  let size = 2
  for (const item of items)
    size += typeof item === "string" ? item.length + 3 : item !== null && typeof item === "object" ? sizeOf(item) : 8
  return size
}
