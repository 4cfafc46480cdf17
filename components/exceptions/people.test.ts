import { expect, test } from "vitest"
import { peopleFor } from "@/components/exceptions/people"

const KNOWN = [
  { email: "ada@example.com", name: "Ada" },
  { email: "bo@example.com", name: "Bo" },
  { email: "cleo@example.com", name: "Cleo" },
]
const BO = { email: "bo@example.com" }
const emails = (find: string, now: string | null | undefined) =>
  peopleFor(KNOWN, BO, find, now).people.map(({ email }) => email)

test("the reader comes first, so that Enter takes it", () => {
  expect(emails("", null)).toEqual(["bo@example.com", "ada@example.com", "cleo@example.com"])
})
test("a part of a name or address finds, in any case", () => {
  expect(emails(" CLE", null)).toEqual(["cleo@example.com"])
  expect(emails("nobody of this name", null)).toEqual([])
})
test("who has it is left out, and may be relieved", () => {
  expect(emails("", "bo@example.com")).toEqual(["ada@example.com", "cleo@example.com", null])
})
test("of several all may be chosen, and nobody", () => {
  expect(emails("", undefined)).toEqual(["bo@example.com", "ada@example.com", "cleo@example.com", null])
})
test("of many the first fifty stand there, how many do not is known, and a name finds them", () => {
  const many = Array.from({ length: 130 }, (_, i) => ({ email: `p${i}@example.com`, name: `P ${i}` }))
  expect(peopleFor(many, BO, "", null)).toMatchObject({ people: { length: 50 }, hidden: 80 })
  expect(peopleFor(many, BO, "p12", null)).toMatchObject({ people: { length: 11 }, hidden: 0 })
})
