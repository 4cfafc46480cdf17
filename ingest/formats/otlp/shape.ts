import type { UsageNames } from "@/ingest/formats/conventions/convention"
import type { Attributes } from "./model"

/**
 * What the names of a span's attributes decide by themselves. Spans of one kind name the same ones in the same order, and a mapping asks for a hundred
 * names of which a dozen are there: so that is found out once for all of them.
 */
export class Shape {
  /** First parts of the names, up to the first point. */
  readonly families: ReadonlySet<string>
  readonly #all: ReadonlySet<string>
  readonly #given = new Map<readonly string[], readonly string[]>()
  readonly #usages = new Map<UsageNames, UsageNames>()
  #sorted: readonly string[] | undefined

  constructor(readonly names: readonly string[]) {
    this.#all = new Set(names)
    this.families = new Set(names.map(familyOf))
  }

  /** In the order in which they are stored. */
  get sorted(): readonly string[] {
    this.#sorted ??= this.names.toSorted()
    return this.#sorted
  }

  /** Those of a table's names that are here; only tables that stand for good may be asked for, as the answer is kept. */
  given(table: readonly string[]): readonly string[] {
    const known = this.#given.get(table)
    if (known) return known
    const given = table.filter((name) => this.#all.has(name))
    this.#given.set(table, given)
    return given
  }

  /** The same of a table of counts. */
  usage(all: UsageNames): UsageNames {
    const known = this.#usages.get(all)
    if (known) return known
    const { holds, ...table } = all
    const given = Object.fromEntries(Object.entries(table).map(([count, names]) => [count, this.given(names)]))
    const usage = { ...given, holds }
    this.#usages.set(all, usage)
    return usage
  }
}

const familyOf = (name: string): string => {
  const point = name.indexOf(".")
  return point < 0 ? name : name.slice(0, point)
}

const SLOTS = 256
/** What is longer is rare, and not worth the memory. */
const MOST_NAMES = 100
const MOST_CHARACTERS = 4_000
const kept: Shape[] = []

export function shapeOf(attributes: Attributes): Shape {
  const names = Object.keys(attributes)
  let slot = names.length
  for (const name of names) slot = (slot * 31 + name.length) & (SLOTS - 1)
  const known = kept[slot]
  if (known !== undefined && isSame(known.names, names)) return known
  const shape = new Shape(names)
  if (names.length <= MOST_NAMES && names.join("").length <= MOST_CHARACTERS) kept[slot] = shape
  return shape
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
