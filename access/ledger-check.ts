import type { ProjectActor } from "@/access/actor"
import { actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { pool, withProject } from "@/db/client"
import { audit as compare } from "@/db/queries/audit"
import { getLedgerFacts, getStorage } from "@/db/queries/ledger-health"
import type { LedgerHealth } from "@/lib/contracts/settings"
import { serverEnv } from "@/lib/env"
import { plural } from "@/lib/format"
import { logError } from "@/lib/http"
import { type JobState, jobState, startJob } from "@/lib/job"

/** One check at a time in a process: it holds one of the two connections for long work, the other is for housekeeping. */
const JOB = "ledger"
/** A table that takes longer than this is one for `npm run audit` at a quiet hour. */
const STATEMENT_SECONDS = 120

/** What the ledger of the actor's project holds. Sizes are of the installation, so only administrators see them. */
export async function ledgerHealth(actor: ProjectActor): Promise<LedgerHealth> {
  assertCan(actor, "spend.read")
  // Before its result is read: who hears that it is done must see what it found.
  const job = jobState(JOB)
  return await withProject(actor.project.id, async (tx) => {
    const { sealed_before, last_check, ...facts } = await getLedgerFacts(tx)
    return {
      ...facts,
      retention: { days: serverEnv().retentionDays, sealed_before },
      check: { last: last_check, job: job?.title === titleOf(actor) ? job : null },
      storage: actor.role === "admin" ? await getStorage(tx) : null,
    }
  })
}

const titleOf = ({ project }: ProjectActor): string => `Checking ${project.slug}`

/**
 * Holds every roll-up and run total of the project against its rows, in one snapshot, while ingest goes on. What it found goes to the audit log.
 * @throws AppError `forbidden`; `conflict` while a check is under way in this process.
 */
export function checkLedger(actor: ProjectActor, withEvents: boolean, origin: Origin): JobState {
  assertCan(actor, "project.manage")
  const by = actorName(actor.actor)
  return startJob(
    JOB,
    titleOf(actor),
    by,
    async (report) => {
      const projectId = actor.project.id
      const { found, compared, differences } = await compare(pool("maintenance"), {
        projectId,
        ledger: withEvents,
        limit: 5,
        statementSeconds: STATEMENT_SECONDS,
        onProgress: report,
      })
      const rows = Object.values(compared).reduce((sum, count) => sum + count, 0)
      await withProject(projectId, (tx) =>
        auditAct(
          tx,
          actor,
          {
            action: "ledger.checked",
            target: `project:${actor.project.slug}`,
            after: { found, compared: rows, with_events: withEvents, differences },
          },
          origin,
        ),
      )
      return found === 0
        ? `No difference in ${plural(rows, "row")}.`
        : `${plural(found, "difference")} in ${plural(rows, "row")}. The first stand in the audit log; npm run audit prints them all.`
    },
    (error) => logError("check of the ledger failed", error),
  )
}
