import { parseArgs } from "node:util"
import type { KeyActor } from "@/access/actor"
import { toProjectRef } from "@/access/project-ref"
import { prepareDemoProject } from "@/db/demo-project"
import { urlOptions } from "@/db/url-options"
import { acceptEvents } from "@/ingest/accept"
import { loadPriceBook } from "@/ingest/price-book"
import { parseInstant, quarterHour, toIso } from "@/lib/time"
import { progress } from "@/scripts/lib/progress"
import { runScript, say, withDatabase } from "@/scripts/lib/with-database"
import { demoPrices } from "@/scripts/seed/demo/prices"
import type { ScenarioOptions } from "@/scripts/seed/scenario"
import { SCENARIOS } from "@/scripts/seed/scenarios"
import { LEFT_OPEN, settleBefore, settleDaily } from "@/scripts/seed/settle"
import { writeDeliveries } from "@/scripts/seed/write"

const USAGE = `usage: npm run seed -- SCENARIO [--project SLUG] [--scale N] [--seed TEXT] [--until INSTANT] [--force]

  --project  slug of the project to write into; made when it is not there (default: the scenario's own)
  --scale    multiplies the volume of "demo" (default 1: about 12,000 runs)
  --seed     another history of the same kind (default "andon")
  --until    everything happens before this instant (default: the last whole quarter hour)
  --force    write into a database that is not on this machine

scenarios
${Object.entries(SCENARIOS)
  .map(([name, scenario]) => `  ${name.padEnd(18)}${scenario.title}`)
  .join("\n")}`

type Arguments = ScenarioOptions & { name: string; slug: string | undefined; force: boolean }

/** @returns null, after saying why, when the arguments make no sense. */
function readArguments(argv: string[]): Arguments | null {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      project: { type: "string" },
      scale: { type: "string", default: "1" },
      seed: { type: "string", default: "andon" },
      until: { type: "string" },
      force: { type: "boolean", default: false },
    },
  })
  const [name] = positionals
  const scale = Number(values.scale)
  const until = values.until === undefined ? quarterHour(Date.now()) : parseInstant(values.until)
  const problem =
    name === undefined || !Object.hasOwn(SCENARIOS, name)
      ? `no scenario "${name ?? ""}"`
      : !(scale > 0 && scale <= 1000)
        ? "--scale is a number above 0, at most 1000"
        : until === null
          ? "--until is an instant such as 2026-11-20T00:00:00Z"
          : values.project !== undefined && !/^[a-z0-9][a-z0-9-]{0,62}$/.test(values.project)
            ? "--project is lower-case letters, digits and hyphens"
            : null
  if (problem !== null || name === undefined || until === null) {
    say(`${problem}\n\n${USAGE}`)
    return null
  }
  return { name, scale, until, seed: values.seed, slug: values.project, force: values.force }
}

/** Made-up data must not land in a database that others use. */
function isLocal(env: NodeJS.ProcessEnv): boolean {
  if (!env.DATABASE_URL) return env.DATABASE_URL_FILE === undefined
  const host = String(urlOptions(env.DATABASE_URL).host ?? "localhost")
  return host
    .split(",")
    .every((name) => name.startsWith("/") || /^(localhost|127(\.\d+){3}|\[?::1\]?)(:\d+)?$/.test(name))
}

async function seed(options: Arguments): Promise<number> {
  const scenario = SCENARIOS[options.name]
  if (!scenario) return 2
  const wanted = options.slug
    ? { slug: options.slug, name: options.slug, zone: scenario.project.zone }
    : scenario.project
  return await withDatabase(process.env, async (_database, owner) => {
    await loadPriceBook(owner)
    const { project, keyId, keyPublicId, isNew } = await prepareDemoProject(wanted, demoPrices(options.until))
    say(`${isNew ? "Made" : "Found"} project "${project.slug}" (${project.name}, ${project.zone})`)
    const key: KeyActor = {
      kind: "key",
      keyId,
      keyName: "seed",
      publicId: keyPublicId,
      scopes: ["ingest"],
      environment: null,
      project: toProjectRef(project),
    }
    // The other scenarios are about what stands open.
    const settle = options.name === "demo" ? settleDaily(project.id) : null
    const started = performance.now()
    const bar = progress(`seeding ${options.name}`, scenario.expectedEvents(options))
    const sum = await writeDeliveries(
      scenario.deliveries(options),
      async (events, receivedAt, number) => {
        const answer = await acceptEvents({ key, events, receivedAt, requestId: `seed-${options.name}-${number}` })
        await settle?.(receivedAt)
        return answer
      },
      (written) => {
        bar.update(written)
        tellParent(written, scenario.expectedEvents(options))
      },
    )
    if (settle) await settleBefore(project.id, options.until - LEFT_OPEN)
    const total = sum.accepted + sum.duplicates + sum.conflicts + sum.rejected
    const seconds = (performance.now() - started) / 1000
    const rate = Math.round(total / Math.max(seconds, 0.001)).toLocaleString("en-US")
    bar.finish(
      `${options.name} until ${toIso(options.until)}: ${sum.accepted} accepted, ${sum.duplicates} duplicates, ${sum.conflicts} conflicts, ` +
        `${sum.rejected} rejected in ${seconds.toFixed(1)} s (${rate} events/s)`,
    )
    for (const refusal of sum.refusals) say(`  refused ${refusal}`)
    return sum.conflicts + sum.rejected === 0 ? 0 : 1
  })
}

/** Started by a server: it hears how far this is, and this ends when it does. */
function tellParent(done: number, total: number): void {
  process.send?.({ done, total })
}
if (process.send) {
  process.on("disconnect", () => process.exit(1))
  // The channel alone must not keep a seed alive that is done.
  process.channel?.unref()
}

runScript(async () => {
  const options = readArguments(process.argv.slice(2))
  if (!options) return 2
  if (!isLocal(process.env) && !options.force) {
    say(
      "DATABASE_URL is not on this machine. Made-up data belongs into a database of your own; --force writes it all the same.",
    )
    return 2
  }
  return await seed(options)
})
