import { describe, expect, it } from "vitest"
import { Random } from "@/scripts/seed/random"
import { FAULTS } from "./catalog"

/** Faults that need no server: the ledger itself is given its events in a hard way. Each names the mutant that turns it red. */
describe.each(FAULTS.filter((fault) => fault.place === "ledger"))("$id $title (mutant: $mutant)", (fault) => {
  it("changes no figure", { timeout: 60_000 }, async () => {
    if (fault.place !== "ledger") throw new Error("filtered above")
    const seed = String(Date.now())
    const random = new Random(seed)
    const outcome = await fault.run({ mode: "short", random, prefix: `${fault.id.toLowerCase()}-`, say: () => {} })
    expect(outcome.wrong, `seed ${seed}: ${JSON.stringify(outcome.figures)}`).toEqual([])
  })
})
