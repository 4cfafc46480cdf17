import type postgres from "postgres"

/** The role that the application works as: owns nothing, bypasses nothing, so that row-level security holds for it. */
export const APP_ROLE = "andon_app"

/** Tables whose rows nobody changes or removes: the application may read and add. */
const APPEND_ONLY = ["audit_log", "prices", "events", "event_keys", "exception_log"]

/**
 * Makes the role and lets this connection take it, as far as the connection may.
 * @returns whether connections can take the role.
 */
export async function ensureAppRole(sql: postgres.Sql): Promise<boolean> {
  const name = sql(APP_ROLE)
  await attempt(async () => {
    const found = await sql`select from pg_roles where rolname = ${APP_ROLE}`
    if (found.length === 0) await sql`create role ${name} nologin`
  })
  if (await canTake(sql)) return true
  await attempt(async () => await sql`grant ${name} to current_user`)
  return await canTake(sql)
}

/** Gives the role its privileges where migrations did not: a dump restored on a server that has no such role. */
export async function grantAppRole(sql: postgres.Sql): Promise<void> {
  const [state] = await sql<{ wanting: boolean }[]>`
    select to_regrole(${APP_ROLE}) is not null and to_regclass('public.runs') is not null
      and not coalesce(has_table_privilege(to_regrole(${APP_ROLE}), to_regclass('public.runs'), 'select'), true) as wanting`
  if (!state?.wanting) return
  const name = sql(APP_ROLE)
  await sql`grant usage on schema public to ${name}`
  await sql`grant select, insert, update, delete on all tables in schema public to ${name}`
  await sql`grant usage on all sequences in schema public to ${name}`
  await sql`grant execute on all functions in schema public to ${name}`
  for (const table of APPEND_ONLY) await sql`revoke update, delete on ${sql(table)} from ${name}`
}

async function canTake(sql: postgres.Sql): Promise<boolean> {
  try {
    await sql.begin(async (tx) => await tx`set local role ${tx(APP_ROLE)}`)
    return true
  } catch (error) {
    if (isRefusal(error)) return false
    throw error
  }
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}

/** Insufficient privilege; the role is not there; another instance made it in the same instant. */
function isRefusal(error: unknown): boolean {
  const code = (error as { code?: unknown }).code
  return (
    code === "42501" || code === "42704" || code === "22023" || code === "42710" || code === "23505" || code === "0LP01"
  )
}
