import { describe, expect, test } from "vitest"
import { normaliseText } from "./normalise-text"

describe("a text without what differs from case to case", () => {
  test.each([
    ["expected 1,200 rows, got 98.5", "expected <n> rows, got <n>"],
    ["Expected  -5 rows,\n got 1e-9", "expected <n> rows, got <n>"],
    ["run 550e8400-e29b-41d4-a716-446655440000 failed", "run <id> failed"],
    ["run-550E8400-E29B-41D4-A716-446655440000.", "run-<id>."],
    ["artifact sha256:9f86d081884c7d65 differs", "artifact <id> differs"],
    ["commit 3fa9c21 (request req_011CSHoEeqs5C35K2UrNMr5q)", "commit <id> (request req_<id>)"],
    ["cannot open /var/data/2026/out.csv: no such file", "cannot open <path>: no such file"],
    ["cannot open 'C:\\temp\\a b'", "cannot open '<path> b'"],
    ["missing data/invoices.json", "missing <path>"],
    ["GET https://example.com/a?b=1 said 503", "get <url>=<n> said <n>"],
    ["at 2026-11-20T10:00:00Z and 10:04:59", "at <time> and <time>"],
    ["on 2026-11-20", "on <time>"],
    ["step3 of v2, 3/4 and/or all", "step<n> of v<n>, <n>/<n> and/or all"],
    ['{"rows": 12, "expected": 40}', '{"rows": <n>, "expected": <n>}'],
    ["٣ صفوف", "<n> صفوف"],
    ["in\u200bvisible \u202ebidi\u202c", "invisible bidi"],
    ["", ""],
    ["... !", "... !"],
  ])("%s", (text, normal) => expect(normaliseText(text)).toBe(normal))

  test("the same failure of two runs is one text, another failure is not", () => {
    const first = normaliseText("row count 8 of 20 in /tmp/a1/out.csv (run r81)")
    expect(normaliseText("Row count 7,113 of 9,000 in /tmp/b7/out.csv (run r82)")).toBe(first)
    expect(normaliseText("schema mismatch in /tmp/a1/out.csv (run r81)")).not.toBe(first)
  })

  test("what is normal stays as it is, so that a stored text groups with a new one", () => {
    for (const text of ["expected 5 rows in /a/b at 10:00", "id 3fa9c21e of run r81"])
      expect(normaliseText(normaliseText(text))).toBe(normaliseText(text))
  })

  test.each([
    ["letters", "a"],
    ["digits", "1"],
    ["digits and commas", "1,"],
    ["commas", ","],
    ["slashes", "/"],
    ["hex groups", "0123abcd-"],
    ["hyphens", "-"],
    ["spaces", " "],
    ["brackets", "<"],
    ["letters and digits", "a1"],
    ["exponents", "1e"],
    ["dots and letters", "a."],
    ["half an emoji", "\ud83d"],
    ["bidi marks", "\u202e"],
    ["colons", "1:"],
  ])("100 kB of %s take linear time", (_, unit) => {
    const text = unit.repeat(Math.ceil(100_000 / unit.length))
    const started = performance.now()
    normaliseText(`x ${text}`)
    normaliseText(`${text}!`)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
