import { expect, test } from "vitest"
import { runLight, runWord } from "@/lib/lights"
import { HOLDS, PROOFS, RUN_STATUSES } from "@/lib/vocabulary"

test("a quarantined output outweighs everything, a halt outweighs proof", () => {
  expect(runLight({ status: "succeeded", proof: "verified", hold: "quarantined" })).toBe("quarantined")
  expect(runLight({ status: "halted", proof: "pending", hold: "released" })).toBe("halted")
})

test("success that is claimed is green only when it is verified", () => {
  for (const proof of PROOFS)
    expect(runLight({ status: "succeeded", proof, hold: null }) === "verified").toBe(proof === "verified")
})

test("a run that succeeded and whose check failed says that its proof failed", () => {
  expect(runWord({ status: "succeeded", proof: "failed", hold: null })).toBe("proof failed")
  expect(runWord({ status: "failed", proof: "failed", hold: null })).toBe("failed")
})

test("every combination has a light and a word; no data is never green", () => {
  for (const status of RUN_STATUSES)
    for (const proof of PROOFS)
      for (const hold of [null, ...HOLDS]) {
        const run = { status, proof, hold }
        expect(runWord(run)).not.toBe("")
        if (proof === "pending") expect(runLight(run)).not.toBe("verified")
      }
})
