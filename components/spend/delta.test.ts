import { expect, test } from "vitest"
import { deltaOf } from "@/components/spend/delta"
import { displayMoney } from "@/lib/money"

const delta = (now: string | null, before: string | null) => deltaOf(now, before, (text) => displayMoney(text))

test.each([
  ["12", "10", "+$2.00", "+20.0 %", "2"],
  ["5", "10", "−$5.00", "−50.0 %", "-5"],
  ["100", "1", "+$99.00", "+9,900 %", "99"],
  ["1.0001", "1", "+$0.0001", "+< 0.1 %", "0.0001"],
  ["3", "0", "+$3.00", "new", "3"],
  ["0", "3", "−$3.00", "gone", "-3"],
  ["3", "3", "±0", "the same", "0"],
])("%s after %s is %s, %s", (now, before, amount, words, exact) => {
  expect(delta(now, before)).toEqual({ amount, words: words.replace("+<", "<"), exact })
})
test("what is unknown has no difference", () => {
  expect(delta(null, "1")).toBeNull()
  expect(delta("1", null)).toBeNull()
})
