import { expect, test } from "vitest"
import { moverOf, spendSentence } from "@/components/spend/sentence"
import { groupOf, spendOf } from "@/components/spend/testing"
import type { Spend, SpendGroup } from "@/lib/contracts/read"

const group = (key: string | null, cost: string | null): SpendGroup => groupOf([key], [cost], { calls: 4 })
const spend = (cost: string | null, groups: SpendGroup[], more: Partial<Spend["total"]> = {}): Spend => {
  const answer = spendOf(groups)
  return { ...answer, total: { ...answer.total, cost, calls: 4, ...more } }
}

test("the sentence names the sum, how many share it, and who is most of it", () => {
  const { figure, rest } = spendSentence(spend("8", [group("a", "6"), group("b", "2")]), "today")
  expect(`${figure} ${rest}`).toBe("$8.00 spent today over 2 models; a is 75.0 % of it.")
})
test("calls without a price are said beside the sum, not hidden in it", () => {
  const { missing } = spendSentence(spend("8", [group("a", "8")], { unpriced_calls: 1 }), "today")
  expect(missing).toBe("1 of 4 calls has no price and is not in it.")
})
test("when nothing has a price there is no sum, and no zero is claimed", () => {
  const { figure, rest } = spendSentence(spend(null, [group("a", null)], { unpriced_calls: 4 }), "today")
  expect(`${figure}: ${rest}`).toBe("unpriced: 4 calls ran today; none has a price.")
})
test("nothing behind a filter is not nothing at all", () => {
  const { rest } = spendSentence(spend("0", [], { calls: 0 }), "today", "cost", true)
  expect(rest).toBe("Nothing that the filters let through was spent today.")
})
test("a range without calls is a real zero", () => {
  expect(spendSentence(spend("0", [], { calls: 0 }), "today")).toMatchObject({
    figure: "$0.00",
    rest: "Nothing was spent today.",
  })
})

const moved = (key: string, now: string | null, before: string | null, more: Partial<SpendGroup> = {}): SpendGroup => {
  const { members: _, key: __, is_other: ___, previous: ____, ...figures } = group(key, before)
  return { ...group(key, now), previous: figures, ...more }
}
test("the change has a name: the group that moved the most the way the sum went", () => {
  const rose = spend("12", [moved("a", "9", "2"), moved("b", "1", "5"), moved("c", "2", "1")])
  expect(moverOf(rose, "cost")).toMatchObject({ group: { key: ["a"] }, by: "7" })
  const fell = spend("3", [moved("a", "2", "1"), moved("b", "1", "5.5")])
  expect(moverOf(fell, "cost")).toMatchObject({ group: { key: ["b"] }, by: "-4.5" })
})
test("no name is given where the rest, an unknown or an equal may have moved as much", () => {
  const a = moved("a", "9", "2")
  for (const other of [moved("", "20", "1", { key: [], is_other: true }), moved("b", null, "1"), moved("b", "8", "1")])
    expect(moverOf(spend("12", [a, other]), "cost")).toBeNull()
  expect(moverOf(spend("9", [a]), "cost")).toBeNull()
  expect(moverOf(spend("4", [moved("a", "2", "2"), moved("b", "2", "2")]), "cost")).toBeNull()
})
