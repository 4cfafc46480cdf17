import { pool } from "@/db/client"
import { seeProjects } from "@/db/see"
import { AppError } from "@/lib/errors"

type Tables = { name: string; day: string | null }[]

/**
 * Removes a demo project with all its rows, all or nothing; other projects are not touched, and a project without the mark is refused by the
 * database itself. The audit log keeps what it says of it.
 * @param onProgress steps done of all.
 * @throws AppError `not_found`; `conflict` for a project that is no demo project.
 */
export async function removeDemoProject(
  slug: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<{ rows: number }> {
  let rows = 0
  await pool("maintenance").begin(async (tx) => {
    // Whoever would write more demo data waits, and finds the project gone.
    await tx`select pg_advisory_xact_lock(hashtext('andon.seed'))`
    const [project] = await tx<
      { id: number; is_demo: boolean }[]
    >`select id, is_demo from projects where slug = ${slug} for update`
    if (!project) throw new AppError("not_found", "There is no such project.")
    if (!project.is_demo) throw new AppError("conflict", "This project holds no demo data; only demo data is removed.")
    // Tables of days go day by day, so that there is progress to tell; the rest in one statement each.
    const steps = await tx<Tables>`
      select t as name, to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day from demo_tables() t
      left join pg_inherits i on i.inhparent = t::regclass left join pg_class c on c.oid = i.inhrelid order by 1, 2`
    for (const [done, { name, day }] of steps.entries()) {
      onProgress(done, steps.length)
      const [removed] = await tx<
        { n: string }[]
      >`select remove_demo_rows(${project.id}, ${name}, ${day}::text::date) as n`
      rows += Number(removed?.n ?? 0)
    }
    await tx`delete from projects where id = ${project.id} and is_demo`
    onProgress(steps.length, steps.length)
  })
  return { rows }
}

/** Shuts the door before the room is cleared: no key of the project lets anything in any more. */
export async function closeDemoProject(slug: string): Promise<void> {
  await pool("maintenance").begin(async (tx) => {
    const [project] = await tx<{ id: number }[]>`select id from projects where slug = ${slug} and is_demo`
    if (!project) return
    await seeProjects(tx, [project.id])
    await tx`update ingest_keys set revoked_at = now() where project_id = ${project.id} and revoked_at is null`
  })
}
