import { expect, test } from "vitest"
import { asStructure, textOf } from "@/components/trace/payload"

test("JSON in a string is shown with line breaks and with its own digits, other text as it came", () => {
  const json = '{"order":107505301260286111}'
  expect(textOf(json, asStructure(json))).toBe('{\n  "order": 107505301260286111\n}')
  for (const came of [
    "[not json 107505301260286111",
    "107505301260286111",
    "",
    "[".repeat(30_000) + "]".repeat(30_000),
  ])
    expect(textOf(came, asStructure(came))).toBe(came)
})
