import { PassThrough } from "node:stream"
import { describe, expect, it } from "vitest"
import { progress } from "./progress"

function output(isTTY: boolean) {
  const out = Object.assign(new PassThrough(), { isTTY, columns: 120 })
  return { out, text: () => String(out.read() ?? "") }
}

describe("progress", () => {
  it("a log gets whole lines, one every five seconds, without control characters", () => {
    let now = 0
    const { out, text } = output(false)
    const bar = progress("seeding", 1_000, { out, now: () => now })
    for (let done = 0; done < 1_000; done += 100) {
      now += 1_000
      bar.update(done)
    }
    bar.finish("seeded 1,000 events")
    expect(text()).toBe(
      "seeding  40 %  400 of 1,000 events, 80/s\nseeding  90 %  900 of 1,000 events, 90/s\nseeded 1,000 events\n",
    )
  })

  it("a terminal gets one line, drawn again in place", () => {
    let now = 0
    const { out, text } = output(true)
    const bar = progress("auditing", 200, { out, now: () => now, unit: "days" })
    now += 1_000
    bar.update(100, "spend")
    bar.finish("done")
    expect(text()).toBe(
      `\r\u001b[2Kauditing [${"#".repeat(15)}${".".repeat(15)}]  50 %  100 of 200 days, 100/s, spend\r\u001b[2Kdone\n`,
    )
  })

  it("without a total it says counts alone", () => {
    let now = 0
    const { out, text } = output(false)
    const bar = progress("importing", null, { out, now: () => now, unit: "rows" })
    now += 6_000
    bar.update(600)
    expect(text()).toBe("importing  600 rows, 100/s\n")
  })
})
