import { expect, test } from "vitest"
import { ownFirst, policiesSentence } from "@/components/settings/policies-words"
import type { Policy, PolicyEntry } from "@/lib/contracts/policies"

const POLICY: Policy = {
  workflow: "",
  version: 1,
  document: {},
  hash: "sha256:0",
  author: "user:ada@example.com",
  approver: null,
  reason: "first",
  created_at: "2026-11-20T10:00:00.000Z",
}
const entry = (workflow: string, hasPolicy = false): PolicyEntry => ({ workflow, policy: hasPolicy ? POLICY : null })

test("the project comes first, then what has a policy of its own", () => {
  const names = ownFirst([entry(""), entry("a"), entry("b", true)]).map(({ workflow }) => workflow)
  expect(names).toEqual(["", "b", "a"])
})
test("the sentence counts the workflows and says what holds for those without a policy of their own", () => {
  expect(policiesSentence([entry(""), entry("a")], false)).toContain("No policy yet")
  expect(policiesSentence([entry("", true), entry("a"), entry("b")], false)).toBe(
    "The project's policy holds for 2 workflows.",
  )
  expect(policiesSentence([entry(""), entry("a", true), entry("b")], false)).toBe(
    "1 of 2 workflows has a policy of its own; nothing is asked of the other.",
  )
})
test("of a project with more workflows than are listed it claims no count", () => {
  expect(policiesSentence([entry("", true), entry("a"), entry("b")], true)).not.toContain("2")
  expect(policiesSentence([entry("", true), entry("a", true), entry("b")], true)).toContain("that are listed")
})
