import { setTimeout as sleep } from "node:timers/promises"
import type { UserActor } from "@/access/actor"
import { type AuditAction, actorName, audit, type Origin } from "@/access/audit"
import { forgetKeys } from "@/access/authenticate-key"
import { runSeed } from "@/access/demo-process"
import { assertAdmin } from "@/access/projects"
import { withProject } from "@/db/client"
import { listDemoProjects, slugIsTaken } from "@/db/demo-project"
import { countDemoEvents } from "@/db/queries/demo"
import { closeDemoProject, removeDemoProject } from "@/db/remove-demo"
import { withInstallation } from "@/db/scope"
import type { DemoState } from "@/lib/contracts/settings"
import { AppError } from "@/lib/errors"
import { plural } from "@/lib/format"
import { logError } from "@/lib/http"
import { cancelJob, jobState, startJob } from "@/lib/job"

/** Making and removing exclude each other. */
const JOB = "demo"
const SLUG = "demo"
/** The slugs that this gives; scenarios for tests have others. */
const MADE_HERE = /^demo(-\d+)?$/
/** Revoking a key reaches every server within a second; what was let in before has landed by then. */
const KEYS_SHUT_MS = 1_500
const onFailure = (error: unknown) => logError("demo data", error)

/** @throws AppError `forbidden`. */
export async function demoState(user: UserActor): Promise<DemoState> {
  assertAdmin(user)
  const job = jobState(JOB)
  const found = await listDemoProjects()
  const projects = await Promise.all(
    found.map(async ({ id, slug, name, created_at }) => {
      const { events, own } = await withProject(id, countDemoEvents)
      return { slug, name, events, own_events: own, created_at }
    }),
  )
  return { projects, job }
}

/**
 * Makes the demo project in a process of its own, so that pages and ingest go on; it goes in through ingest like everything else.
 * @throws AppError `forbidden`; `conflict` when there is one, its name is taken, or it is being made or removed.
 */
export async function makeDemo(user: UserActor, scale: number, origin: Origin): Promise<DemoState> {
  assertAdmin(user)
  if ((await listDemoProjects()).some(({ slug }) => MADE_HERE.test(slug)))
    throw new AppError("conflict", "The demo project is there already. Remove it to make another.")
  let slug = SLUG
  for (let i = 2; await slugIsTaken(slug); i++) slug = `${SLUG}-${i}`
  startJob(JOB, `Making ${slug}`, actorName(user), (report, signal) => runSeed(slug, scale, report, signal), onFailure)
  await record(user, "demo.started", slug, origin)
  return await demoState(user)
}

/** Stops the making; what was made by then stays until it is removed. @throws AppError `forbidden`. */
export async function cancelDemo(user: UserActor, origin: Origin): Promise<DemoState> {
  assertAdmin(user)
  const job = jobState(JOB)
  if (job?.title.startsWith("Making ") && cancelJob(JOB))
    await record(user, "demo.cancelled", job.title.slice("Making ".length), origin)
  return await demoState(user)
}

/** @throws AppError `forbidden`; `not_found` for what is no demo project; `conflict` while one is being made or removed. */
export async function removeDemo(user: UserActor, slug: string, origin: Origin): Promise<DemoState> {
  assertAdmin(user)
  if (!(await listDemoProjects()).some((project) => project.slug === slug))
    throw new AppError("not_found", "There is no such demo project.")
  startJob(
    JOB,
    `Removing ${slug}`,
    actorName(user),
    async (report) => {
      report(0, null)
      await closeDemoProject(slug)
      forgetKeys()
      await sleep(KEYS_SHUT_MS)
      const { rows } = await removeDemoProject(slug, report)
      await record(user, "demo.removed", slug, origin, { rows })
      return `Removed ${slug} with ${plural(rows, "row")}.`
    },
    onFailure,
  )
  return await demoState(user)
}

/** Rows of the installation: the project that they speak of may be gone. */
async function record(user: UserActor, action: AuditAction, slug: string, origin: Origin, after?: object) {
  const entry = {
    projectId: null,
    actor: actorName(user),
    action,
    target: `project:${slug}`,
    ...(after ? { after } : {}),
  }
  await withInstallation((tx) => audit(tx, entry, origin))
}
