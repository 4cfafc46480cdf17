import { expect, it } from "vitest"
import { ownPath } from "@/lib/own-path"

it.each(["/", "/spend?last=7d&by=model", "/runs/r81?span=a1#top", "/a//b", "/%2f%2fevil.example"])(
  "keeps %s",
  (path) => {
    expect(ownPath(path)).toBe(path)
  },
)

it.each([
  undefined,
  ["/a", "/b"],
  "",
  "spend",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/..//evil.example",
  "/./\\evil.example",
])("sends %j to the first page", (given) => {
  expect(ownPath(given)).toBe("/")
})
