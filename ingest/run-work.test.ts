import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { countedSpans } from "./run-work"

type Node = Parameters<typeof countedSpans>[0][number]
const node = (spanId: string, parentId: string | null, hasMoney: boolean, isLeaf = false): Node => ({
  spanId,
  parentId,
  hasMoney,
  isLeaf,
})
const counted = (nodes: readonly Node[]): string[] =>
  [...countedSpans(nodes)].flatMap(([id, is]) => (is ? [id] : [])).sort()

describe("a token is counted once, whatever the tree", () => {
  test("a roll-up counts only while nothing below it has money", () => {
    expect(counted([node("root", null, true), node("call", "root", false, true)])).toEqual(["call", "root"])
    expect(counted([node("root", null, true), node("mid", "root", false), node("call", "mid", true, true)])).toEqual([
      "call",
      "mid",
    ])
    expect(counted([node("root", "absent", true)])).toEqual(["root"])
  })

  test("an embedding inside an embedding is the same one: the inner counts, whatever else there is", () => {
    const embedding = (spanId: string, parentId: string | null, hasMoney = true) => ({
      ...node(spanId, parentId, hasMoney, true),
      isEmbedding: true,
    })
    expect(counted([embedding("outer", null), embedding("inner", "outer")])).toEqual(["inner"])
    expect(counted([embedding("outer", null), embedding("inner", "outer", false)])).toEqual(["inner", "outer"])
    expect(counted([embedding("outer", null), node("call", "outer", true, true)])).toEqual(["call", "outer"])
    expect(counted([embedding("a", "b"), embedding("b", "a")])).toEqual(["b"])
  })

  test("what is booked later never takes the place of what counted when its month was closed", () => {
    const late = (of: Node): Node => ({ ...of, isBooked: true })
    const embedding = (spanId: string, parentId: string | null): Node => ({
      ...node(spanId, parentId, true, true),
      isEmbedding: true,
    })
    const trees: [Node[], string[]][] = [
      [[node("root", null, true), late(node("call", "root", true, true))], ["root"]],
      [[node("root", null, true), late(node("mid", "root", true)), late(node("call", "mid", true, true))], ["root"]],
      // The root had left it to a call already: the late one is beside that.
      [
        [node("root", null, true), node("a", "root", true, true), late(node("b", "root", true, true))],
        ["a", "b"],
      ],
      [
        [node("root", null, false), late(node("mid", "root", true)), late(node("call", "mid", true, true))],
        ["call", "root"],
      ],
      [[late(node("root", null, true)), node("call", "root", true, true)], ["call"]],
      [[embedding("outer", null), late(embedding("inner", "outer"))], ["outer"]],
      [[late(embedding("outer", null)), late(embedding("inner", "outer"))], ["inner"]],
      [
        [node("outer", null, true, true), late(node("call", "outer", true, true))],
        ["call", "outer"],
      ],
    ]
    for (const [nodes, expected] of trees) {
      expect(counted(nodes)).toEqual(expected)
      expect(counted([...nodes].reverse())).toEqual(expected)
    }
  })

  test("B35 spans that are each other's parents: one is the root, and the money of the other counts", () => {
    expect(counted([node("a", "a", true)])).toEqual(["a"])
    expect(counted([node("a", "b", true), node("b", "a", true)])).toEqual(["b"])
    expect(counted([node("a", "b", true), node("b", "c", true), node("c", "a", false)])).toEqual(["b", "c"])
  })

  const graphs = fc.integer({ min: 1, max: 12 }).chain((size) => {
    const id = fc.nat(size)
    return fc.array(fc.record({ parent: fc.option(id), hasMoney: fc.boolean(), isLeaf: fc.boolean() }), {
      minLength: size,
      maxLength: size,
    })
  })

  test("B35 money is never lost, never counted above itself, and the order of spans decides nothing", () => {
    fc.assert(
      fc.property(graphs, fc.infiniteStream(fc.nat()), (drafts, noise) => {
        const nodes = drafts.map(({ parent, hasMoney, isLeaf }, i) =>
          node(`s${i}`, parent === null ? null : `s${parent}`, hasMoney, isLeaf),
        )
        const result = countedSpans(nodes)
        if (nodes.some((n) => n.hasMoney)) expect(nodes.some((n) => n.hasMoney && result.get(n.spanId))).toBe(true)
        for (const n of nodes) {
          if (n.isLeaf || !n.hasMoney) expect(result.get(n.spanId)).toBe(true)
          if (!n.hasMoney || n.isLeaf || !result.get(n.spanId)) continue
          // Nothing below a roll-up that counts has money, unless it is on a ring: there its own way up or down was cut.
          const isDoubled = nodes.some((m) => m !== n && m.hasMoney && isAbove(nodes, n, m))
          if (isDoubled) expect(isAbove(nodes, n, n)).toBe(true)
        }
        const shuffled = nodes.map((n) => ({ n, key: noise.next().value })).sort((a, b) => a.key - b.key)
        expect(counted(shuffled.map(({ n }) => n))).toEqual(counted(nodes))
      }),
      { numRuns: 1_000 },
    )
  })

  /** Whether `above` is an ancestor of `below` along the parents as given, cycles walked once. */
  function isAbove(nodes: readonly Node[], above: Node, below: Node): boolean {
    const seen = new Set<string>()
    for (let at = below.parentId; at !== null && !seen.has(at); ) {
      if (at === above.spanId) return true
      seen.add(at)
      at = nodes.find((m) => m.spanId === at)?.parentId ?? null
    }
    return false
  }

  test("B35 a chain and a ring of 50,000 spans are walked once, without recursion", () => {
    const size = 50_000
    const chain = Array.from({ length: size }, (_, i) => node(`s${i}`, i === 0 ? null : `s${i - 1}`, true))
    const ring = [node("s0", `s${size - 1}`, true), ...chain.slice(1)]
    const started = performance.now()
    expect(counted(chain)).toEqual([`s${size - 1}`])
    expect(counted(ring)).toEqual([`s${size - 1}`])
    expect(counted([...ring].reverse())).toEqual([`s${size - 1}`])
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
