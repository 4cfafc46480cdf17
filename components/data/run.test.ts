import { expect, test } from "vitest"
import { runSpanQuery } from "@/components/data/run"
import type { SpanDetail } from "@/lib/contracts/read"

test("the span before stands in for the next one of the same run, and for no other's", () => {
  const before = { id: "a" } as SpanDetail
  const standIn = (run: string) => {
    const { placeholderData } = runSpanQuery("p", run, "b")
    return typeof placeholderData === "function"
      ? placeholderData(before, { queryKey: runSpanQuery("p", "r", "a").queryKey } as never)
      : undefined
  }
  expect(standIn("r")).toBe(before)
  expect(standIn("other")).toBeUndefined()
})
