import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Random } from "@/scripts/seed/random"
import { FAULTS } from "./catalog"
import { World } from "./world"

/** Each fault once, briefly, over the real server and database; `npm run faults` has the long rounds, and the mutants that turn each one red. */
let world: World
beforeAll(async () => {
  world = await World.open()
})
afterAll(() => world?.close())

describe.each(FAULTS.filter((fault) => fault.place === "world"))("$id $title (mutant: $mutant)", (fault) => {
  it("loses nothing, doubles nothing, and every figure adds up", { timeout: 120_000 }, async () => {
    if (fault.place !== "world") throw new Error("filtered above")
    const seed = String(Date.now())
    const random = new Random(seed)
    const outcome = await fault.run(world, {
      mode: "short",
      random,
      prefix: `${fault.id.toLowerCase()}-`,
      say: () => {},
    })
    expect(outcome.wrong, `seed ${seed}: ${JSON.stringify(outcome.figures)}`).toEqual([])
  })
})
