import { pool } from "@/db/client"
import { seeAllProjects } from "@/db/see"
import { toIso } from "@/lib/time"
import { every, type Stop } from "./every"
import type { ConditionChange } from "./exceptions"
import { settleAlone } from "./settle-alone"

const EVERY_MS = 10_000

/** A project that asks for it, when it last heard anything, and whether an exception says that it is silent. */
type Watched = { id: number; minutes: number | null; last: number | null; is_told: boolean }
/** No event ever: nothing has fallen silent. What is switched off is over. */
const WATCHED = `select * from (select s.project_id as id, s.no_data_minutes as minutes,
    (select (extract(epoch from max(c.last_at)) * 1000)::float8 from ingest_counters c where c.project_id = s.project_id) as last,
    exists (select from exception_runs x where x.project_id = s.project_id and x.run_id = '' and x.kind = 'silence' and x.subject = '' and x.cleared_at is null) as is_told
  from alert_settings s) w where w.is_told or w.minutes is not null and w.last is not null order by w.id`

/** Looks every ten seconds for projects from which nothing comes any more. @returns what stops it. */
export function startDataWatch(): Stop {
  return every(EVERY_MS, "a look for silent projects failed; it is tried again in seconds", () => watchData(Date.now()))
}

/** Raises one exception for a project without an event for as long as its people allow, and ends it with the next event. @returns how many changed. */
export async function watchData(now: number): Promise<number> {
  const watched = (await pool("ingest").begin(async (tx) => {
    await seeAllProjects(tx)
    return await tx.unsafe<Watched[]>(WATCHED, [], { prepare: true })
  })) as Watched[]
  const changed = watched.filter((one) => isSilent(one, now) !== one.is_told)
  for (const one of changed) await settleAlone(conditionOf(one, now))
  return changed.length
}

const isSilent = ({ minutes, last }: Watched, now: number): boolean =>
  minutes !== null && last !== null && now - last > minutes * 60_000

function conditionOf(one: Watched, now: number): ConditionChange {
  const { id, minutes, last } = one
  return {
    projectId: id,
    runId: "",
    kind: "silence",
    severity: "high",
    subject: "",
    isActive: isSilent(one, now),
    at: toIso(now),
    about: {
      kind: "silence",
      workflow: null,
      rule: null,
      step: null,
      reason: "Nothing has come from any agent of this project.",
    },
    observed: String(Math.floor((now - (last ?? now)) / 60_000)),
    limit: minutes === null ? null : String(minutes),
    unit: "min without an event",
  }
}
