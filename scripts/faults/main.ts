import { writeFileSync } from "node:fs"
import { cpus, totalmem } from "node:os"
import { parseArgs } from "node:util"
import startTestServer from "@/db/testing-setup"
import { FAULTS } from "@/scripts/faults/catalog"
import type { Fault, Mode, Outcome } from "@/scripts/faults/fault"
import { tryMutants } from "@/scripts/faults/mutants"
import { World } from "@/scripts/faults/world"
import { runScript, say } from "@/scripts/lib/with-database"
import { Random } from "@/scripts/seed/random"
import buildPages from "@/server/testing-setup"

const USAGE = `usage: npm run faults -- [F01 F02 …] [--short] [--seed TEXT] [--mutants]

Breaks a real server and its database under load and checks that nothing was lost, doubled or miscounted. All faults when none is named.

  --short    each fault once, a few seconds, as in npm test
  --seed     makes the moments of the faults repeatable as far as a real machine allows (printed when not given)
  --mutants  breaks a copy of the code on purpose, one patch a fault, and expects the fault to find it
`

type Arguments = {
  faults: readonly Fault[]
  mode: Mode
  seed: string
  mutants: boolean
  isWhole: boolean
  build: boolean
}

function readArguments(argv: string[]): Arguments | null {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      short: { type: "boolean", default: false },
      seed: { type: "string", default: String(Date.now()) },
      mutants: { type: "boolean", default: false },
      // A mutated copy uses the pages of the original.
      "no-build": { type: "boolean", default: false },
    },
  })
  const wanted = positionals.map((id) => id.toUpperCase())
  const unknown = wanted.filter((id) => !FAULTS.some((fault) => fault.id === id))
  if (unknown.length > 0) {
    say(`no such fault: ${unknown.join(", ")}. There are ${FAULTS.map((fault) => fault.id).join(", ")}\n\n${USAGE}`)
    return null
  }
  const faults = wanted.length === 0 ? FAULTS : FAULTS.filter((fault) => wanted.includes(fault.id))
  const mode = values.short ? "short" : "full"
  return {
    faults,
    mode,
    seed: values.seed,
    mutants: values.mutants,
    isWhole: wanted.length === 0,
    build: !values["no-build"],
  }
}

type Result = { fault: Fault; outcome: Outcome; seconds: number }

/** Ctrl-C must leave no server behind: it is a process of its own. */
let current: World | undefined
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    void Promise.resolve(current?.close()).finally(() => process.exit(130))
  })

/** One fault in a world of its own; a fault that throws has failed. */
async function tryFault(fault: Fault, { mode, seed }: Arguments): Promise<Result> {
  const context = { mode, random: new Random(seed, fault.id), prefix: `${fault.id.toLowerCase()}-`, say: () => {} }
  const started = performance.now()
  let outcome: Outcome
  let world: World | undefined
  try {
    if (fault.place === "world") {
      world = await World.open()
      current = world
      outcome = await fault.run(world, context)
    } else outcome = await fault.run(context)
  } catch (error) {
    outcome = { figures: {}, wrong: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }
  } finally {
    current = undefined
    await world?.close()
  }
  if (outcome.wrong.length > 0 && world)
    outcome.wrong.push(...world.log().map((line) => `server: ${line.slice(0, 300)}`))
  return { fault, outcome, seconds: (performance.now() - started) / 1000 }
}

function print({ fault, outcome, seconds }: Result): void {
  const figures = Object.entries(outcome.figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")
  process.stdout.write(
    `${fault.id} ${outcome.wrong.length === 0 ? "ok " : "RED"} ${fault.title} (${seconds.toFixed(1)} s): ${figures}\n`,
  )
  for (const text of outcome.wrong) process.stdout.write(`    ${text}\n`)
}

function keepResults(results: readonly Result[], seed: string): void {
  const rows = results.map(({ fault, outcome, seconds }) => {
    const figures = Object.entries(outcome.figures).map(([name, value]) => `${name} ${value}`)
    return `| ${fault.id} | ${fault.title} | ${outcome.wrong.length === 0 ? "ok" : outcome.wrong.join("; ")} | ${figures.join(", ")} | ${seconds.toFixed(0)} |`
  })
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`
  writeFileSync(
    new URL("../../bench/faults.md", import.meta.url),
    `# Faults\n\nMade by \`npm run faults\` on ${new Date().toISOString().slice(0, 10)}, ${machine}, seed ${seed}.\n\n` +
      `| fault | what happens | verdict | figures | s |\n| --- | --- | --- | --- | --- |\n${rows.join("\n")}\n`,
  )
}

runScript(async () => {
  const options = readArguments(process.argv.slice(2))
  if (!options) return 2
  if (options.build) await buildPages()
  if (options.mutants) return (await tryMutants(options.faults, options.seed)) ? 0 : 1
  say(`seed ${options.seed}`)
  const stopTestServer = await startTestServer()
  const results: Result[] = []
  try {
    for (const fault of options.faults) {
      const result = await tryFault(fault, options)
      print(result)
      results.push(result)
    }
  } finally {
    await stopTestServer()
  }
  if (options.mode === "full" && options.isWhole) keepResults(results, options.seed)
  return results.every(({ outcome }) => outcome.wrong.length === 0) ? 0 : 1
})
