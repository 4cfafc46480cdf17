import { describe, expect, test } from "vitest"
import { judge } from "./conventions/verdict"
import { decodeLangfuse } from "./langfuse"

const byOtlp = (label: string) => judge({ name: "check", label })?.verdict
const byLangfuse = (value: string) => {
  const body = { id: "s", traceId: "t", name: "check", value, dataType: "CATEGORICAL" }
  const { item } = decodeLangfuse({ id: "e", type: "score-create", timestamp: "2026-11-20T10:00:00Z", body }, "USD")
  return (item as { outcome?: string }).outcome
}

describe("a word is the same verdict by whichever way it came", () => {
  test.each([
    ["passed", ["pass", "Passed", " TRUE ", "success", "ok", "correct", "yes"]],
    ["failed", ["fail", "FAILED", "false", "failure", "incorrect", "no"]],
    ["skipped", ["maybe", "0.7", "passes", "constructor"]],
  ])("%s", (verdict, words) => {
    for (const word of words) expect([word, byOtlp(word), byLangfuse(word)]).toEqual([word, verdict, verdict])
  })
})
