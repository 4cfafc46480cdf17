import { parseArgs } from "node:util"
import { hashProject, listAllProjects } from "@/db/queries/all-projects"
import { REPLAY_ORDERS, type ReplayOrder, rebuild } from "@/ingest/rebuild"
import { progress } from "@/scripts/lib/progress"
import { runScript, say, withDatabase } from "@/scripts/lib/with-database"

const USAGE = `usage: npm run rebuild -- [--project SLUG] [--order ${REPLAY_ORDERS.join("|")}] [--check]

Makes all projections (spans, runs, verifications, roll-ups) again from the ledger's events and the decisions stored with them.
Nothing is priced or mapped again. Ingest into a project waits while it is rebuilt.

  --project  one project; all when absent
  --order    in which order the events are replayed; the result is the same (default ledger)
  --check    end with 1 when the projections differ from what they were`

/** @returns null, after saying why, when the arguments make no sense. */
function readArguments(argv: string[]): { slug: string | undefined; order: ReplayOrder; check: boolean } | null {
  const { values } = parseArgs({
    args: argv,
    options: {
      project: { type: "string" },
      order: { type: "string", default: "ledger" },
      check: { type: "boolean", default: false },
    },
  })
  const order = REPLAY_ORDERS.find((known) => known === values.order)
  if (order) return { slug: values.project, order, check: values.check }
  say(`no order "${values.order}"\n\n${USAGE}`)
  return null
}

runScript(async () => {
  const options = readArguments(process.argv.slice(2))
  if (!options) return 2
  return await withDatabase(process.env, async (_database, owner) => {
    const all = await listAllProjects(owner)
    const wanted = options.slug === undefined ? all : all.filter((project) => project.slug === options.slug)
    if (wanted.length === 0 && options.slug !== undefined) {
      say(`no project "${options.slug}": there are ${all.map((project) => project.slug).join(", ") || "none"}`)
      return 2
    }
    let differing = 0
    for (const { id, slug } of wanted) {
      const before = await hashProject(owner, id)
      const started = performance.now()
      const bar = progress(`rebuilding ${slug}`, null)
      const { events } = await rebuild(id, {
        order: options.order,
        onProgress: (done, total) => bar.update(done, `of ${total.toLocaleString("en-US")}`),
      })
      const after = await hashProject(owner, id)
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      bar.finish(`rebuilt ${slug} from ${events.toLocaleString("en-US")} events in ${seconds} s`)
      process.stdout.write(
        before === after ? `${slug}  ${after}  unchanged\n` : `${slug}  ${after}  differs from before: ${before}\n`,
      )
      if (before !== after) differing++
    }
    return options.check && differing > 0 ? 1 : 0
  })
})
