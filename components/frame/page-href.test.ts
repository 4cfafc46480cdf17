import { expect, test } from "vitest"
import { pageHrefFrom } from "./page-href"

const from = (here: string, query: string, path: string) => pageHrefFrom(here, new URLSearchParams(query), path)

test("project, zone and range go along; filters stay behind", () => {
  expect(from("/spend", "project=demo&last=7d&tz=Asia/Kathmandu&model=x&cursor=c", "/runs")).toBe(
    "/runs?last=7d&project=demo&tz=Asia%2FKathmandu",
  )
  expect(from("/runs", "from=2026-11-01&to=2026-11-08", "/verifications")).toBe(
    "/verifications?from=2026-11-01&to=2026-11-08",
  )
})

test("a page without a range neither takes nor gives one", () => {
  expect(from("/spend", "project=demo&last=7d", "/halted")).toBe("/halted?project=demo")
  expect(from("/settings/keys", "project=demo&last=7d", "/spend")).toBe("/spend?project=demo")
})

test("the page itself is linked without what narrows it", () => {
  expect(from("/spend", "", "/spend")).toBe("/spend")
})
