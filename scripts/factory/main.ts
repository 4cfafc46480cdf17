import { parseArgs } from "node:util"
import { progress } from "@/scripts/lib/progress"
import { runScript, say } from "@/scripts/lib/with-database"
import buildPages from "@/server/testing-setup"
import { buildPlant } from "./delivery"
import { complaintsOf, type Verdict } from "./judge"
import { runShift } from "./run"

const USAGE = `npm run factory -- [--days 30] [--seed 7] [--clean 5000] [--defects 200]
A simulated plant of eight workflows, delivered twice in different orders while things break, and judged.`

function print(name: string, { runs, caught, defects, falseExceptions, done, expectedDone, ...rest }: Verdict): void {
  say(
    `${name}: ${runs} runs, recall ${(caught / defects).toFixed(2)} (${caught} of ${defects}), false exceptions ${falseExceptions}, done ${done} of ${expectedDone}, ` +
      `cost ${rest.cost} of ${rest.expectedCost}, audit ${rest.auditDifferences}, decisions ${rest.decisionHash}`,
  )
}

runScript(async () => {
  const { values } = parseArgs({
    options: {
      days: { type: "string", default: "30" },
      seed: { type: "string", default: "7" },
      clean: { type: "string", default: "5000" },
      defects: { type: "string", default: "200" },
      help: { type: "boolean", default: false },
    },
  })
  if (values.help) {
    say(USAGE)
    return 0
  }
  const plant = buildPlant({
    seed: values.seed,
    days: Number(values.days),
    clean: Number(values.clean),
    defects: Number(values.defects),
    until: Date.now(),
  })
  say(`${plant.runs.length} runs, ${plant.events.length} events, seed ${values.seed}`)
  await buildPages()
  const wrong: string[] = []
  const hashes: string[] = []
  const shifts = [
    {
      order: "first",
      strikes: [
        { at: 0.25, what: "kill" },
        { at: 0.45, what: "database" },
        { at: 0.65, what: "kill" },
      ],
    },
    { order: "second", strikes: [] },
  ] as const
  for (const { order, strikes } of shifts) {
    const bar = progress(`${order} delivery`, plant.events.length)
    const verdict = await runShift(plant, {
      order: `${values.seed}/${order}`,
      strikes,
      onProgress: (done, of, note) => bar.update(Math.round((done / of) * plant.events.length), note),
    })
    bar.finish(`${order} delivery: judged`)
    print(order, verdict)
    hashes.push(verdict.decisionHash)
    wrong.push(...complaintsOf(verdict, plant).map((text) => `${order}: ${text}`))
  }
  if (hashes[0] !== hashes[1]) wrong.push("another order of delivery ended in other decisions")
  for (const text of wrong) say(`WRONG ${text}`)
  if (wrong.length === 0) say("Every defect was found, the clean runs went through, and order changed nothing.")
  return wrong.length === 0 ? 0 : 1
})
