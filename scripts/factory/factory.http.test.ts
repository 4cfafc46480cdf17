import { expect, it } from "vitest"
import { buildPlant } from "./delivery"
import { complaintsOf } from "./judge"
import { runShift } from "./run"

it("finds one defect of every rule and lets the clean runs through, while the server is killed", async () => {
  const plant = buildPlant({ seed: "test", days: 3, clean: 40, defects: 16, until: Date.now() })
  const verdict = await runShift(plant, { order: "test", strikes: [{ at: 0.5, what: "kill" }] })
  expect(complaintsOf(verdict, plant)).toEqual([])
  expect(verdict).toMatchObject({ caught: 16, falseExceptions: 0 })
}, 120_000)
