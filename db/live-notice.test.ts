import { expect, test } from "vitest"
import { liveNotice } from "./live-notice"

test("names the runs that there is room for, and says when more changed", () => {
  const told = (runs: string[]) => JSON.parse(liveNotice(7, ["runs"], runs)) as { runs: string[]; all_runs: boolean }
  expect(JSON.parse(liveNotice(7, ["halts"]))).toEqual({ project: 7, topics: ["halts"], runs: [], all_runs: false })
  expect(JSON.parse(liveNotice(7, ["spend"], null))).toMatchObject({ runs: [], all_runs: true })
  const runs = Array.from({ length: 51 }, (_, i) => `r${i}`)
  expect(told(runs.slice(0, 50))).toMatchObject({ runs: runs.slice(0, 50), all_runs: false })
  expect(told(runs)).toMatchObject({ runs: runs.slice(0, 50), all_runs: true })
  const long = Array.from({ length: 9 }, (_, i) => `${i}${'"'.repeat(600)}`)
  expect(told(long)).toMatchObject({ runs: long.slice(0, 6), all_runs: true })
  expect(Buffer.byteLength(liveNotice(2 ** 31, ["spend", "runs", "verifications", "quality"], long))).toBeLessThan(
    8_000,
  )
})
