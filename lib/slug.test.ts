import { expect, it } from "vitest"
import { PROJECT_SLUG } from "@/lib/contracts/access"
import { slugOf } from "@/lib/slug"

it.each([
  ["Büro Nord", "buro-nord"],
  ["  Line/One  2 ", "line-one-2"],
  ["日本", "project"],
  ["---", "project"],
  [`${"a".repeat(47)} b`, "a".repeat(47)],
])("%s becomes %s", (name, slug) => {
  expect(slugOf(name)).toBe(slug)
  expect(slug).toMatch(PROJECT_SLUG)
})
