import { expect, test } from "vitest"
import { z } from "zod"
import { issueWords } from "@/lib/issue-words"

const Input = z.strictObject({
  name: z.string().min(1).max(3),
  mail: z.email(),
  many: z.array(z.number().min(5)).max(2),
  kind: z.enum(["a", "b"]),
  own: z.string().min(3, "say why"),
})
const GOOD = { name: "abc", mail: "a@example.com", many: [5], kind: "a", own: "for" }
const told = (change: Record<string, unknown>): string | undefined =>
  Input.safeParse({ ...GOOD, ...change }, { error: issueWords }).error?.issues[0]?.message

test("what is wrong with an input is said in plain words", () => {
  expect(told({})).toBeUndefined()
  expect(told({ name: "abcd" })).toBe("must be at most 3 characters")
  expect(told({ name: "" })).toBe("must not be empty")
  expect(told({ name: undefined })).toBe("must be given")
  expect(told({ name: 4 })).toBe("must be text")
  expect(told({ mail: "a" })).toBe("must be an e-mail address")
  expect(told({ many: [5, 5, 5] })).toBe("must be at most 2 in number")
  expect(told({ many: [4] })).toBe("must be at least 5")
  expect(told({ kind: "c" })).toBe("must be one of a, b")
  expect(told({ more: 1 })).toBe("has a field that is not known: more")
})
test("words of the contract's own stand", () => {
  expect(told({ own: "x" })).toBe("say why")
})
