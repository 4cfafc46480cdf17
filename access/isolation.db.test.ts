import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { ProjectActor } from "@/access/actor"
import { addProjectForTest, installForTest, openTestInstallation, type TestInstallation } from "@/access/testing"
import { withProject } from "@/db/client"
import { memberships } from "@/db/schema/projects"
import { withUser } from "@/db/scope"

let place: TestInstallation
let north: ProjectActor
let south: ProjectActor
let app: postgres.Sql
beforeAll(async () => {
  place = await openTestInstallation()
  const { admin, user } = await installForTest()
  north = admin
  south = await addProjectForTest(user, "South")
  app = postgres({ ...place.database.app, max: 2, onnotice: () => {} })
  for (const project of [north.project.id, south.project.id]) {
    await place.owner`insert into dimension_names values (${project}, 'model', 'm')`
    await place.owner`insert into event_keys values (${project}, gen_random_uuid(), gen_random_uuid())`
    await place.owner`insert into memberships (project_id, user_id, role) select ${project}, id, 'viewer' from users`
    await place.owner`insert into ingest_counters (project_id, key_id, hour, last_at) values (${project}, 1, now(), now())`
    await place.owner`insert into audit_log (project_id, actor, action) values (${project}, 'test', 'test')`
  }
})
afterAll(async () => {
  await app.end({ timeout: 5 })
  await place.close()
})

/** Tables with a project, partitions included. */
async function scopedTables(): Promise<string[]> {
  const rows = await place.owner<{ name: string }[]>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`
  return rows.map((row) => row.name)
}

describe("A9 row-level security", () => {
  it("is on and forced for every table that has a project, with a policy", async () => {
    await place.owner`select ensure_partition('events', '2026-11-20'), ensure_partition('spans', '2026-11-20')`
    const names = await scopedTables()
    expect(names).toEqual(
      expect.arrayContaining([
        "events",
        "events_20261120",
        "spans",
        "spans_20261120",
        "runs",
        "ingest_keys",
        "memberships",
      ]),
    )
    const open = await place.owner`
      select relname from pg_class where relnamespace = 'public'::regnamespace and relname in ${place.owner(names)}
        and not (relrowsecurity and relforcerowsecurity)`
    expect(open).toEqual([])
    const partitions = names.filter((name) => /_\d{8}$/.test(name))
    const bare = await place.owner`
      select relname from pg_class c where relnamespace = 'public'::regnamespace and relname in ${place.owner(names)}
        and relname not in ${place.owner(partitions)} and not exists (select 1 from pg_policy p where p.polrelid = c.oid)`
    expect(bare).toEqual([])
  })

  it("without a scope a query returns nothing, from any table; partitions cannot be named at all", async () => {
    for (const name of await scopedTables()) {
      if (/_\d{8}$/.test(name)) {
        await expect(app.unsafe(`select 1 from ${name}`)).rejects.toMatchObject({ code: "42501" })
        continue
      }
      const [row] = await app.unsafe(`select count(*)::int as n from ${name} where project_id is not null`)
      expect({ name, n: row?.n }).toEqual({ name, n: 0 })
    }
  })

  it("nor after a transaction that had one, on the same connection", async () => {
    const one = postgres({ ...place.database.app, max: 1 })
    try {
      const inside = await one.begin(async (sql) => {
        await sql`select set_config('app.project_ids', ${`{${north.project.id}}`}, true)`
        return await sql`select 1 from event_keys`
      })
      expect(inside).toHaveLength(1)
      expect(await one`select 1 from event_keys`).toHaveLength(0)
    } finally {
      await one.end()
    }
  })

  it("with project A no row of B is seen, changed, deleted or added", async () => {
    const a = north.project.id
    const b = south.project.id
    const inA = <T>(work: (sql: postgres.TransactionSql) => Promise<T>) =>
      app.begin(async (sql) => {
        await sql`select set_config('app.project_ids', ${`{${a}}`}, true)`
        return await work(sql)
      })
    for (const name of ["dimension_names", "event_keys", "memberships", "ingest_counters", "audit_log"]) {
      const rows = await inA((sql) => sql.unsafe(`select project_id from ${name} where project_id is not null`))
      expect({ name, projects: [...new Set(rows.map((row) => row.project_id))] }).toEqual({ name, projects: [a] })
    }
    expect((await inA((sql) => sql`update ingest_counters set accepted = 5 where project_id = ${b}`)).count).toBe(0)
    expect((await inA((sql) => sql`delete from memberships where project_id = ${b}`)).count).toBe(0)
    await expect(inA((sql) => sql`insert into dimension_names values (${b}, 'model', 'x')`)).rejects.toMatchObject({
      code: "42501",
    })
    await expect(inA((sql) => sql`update ingest_counters set project_id = ${b}`)).rejects.toMatchObject({
      code: "42501",
    })
  })

  it("a person's own memberships are seen before a project is known, nobody else's", async () => {
    const [user] = await place.owner`select id from users`
    const own = await withUser(user?.id, async (tx) => await tx.select().from(memberships))
    expect(own).toHaveLength(2)
    expect(await withUser("nobody", async (tx) => await tx.select().from(memberships))).toEqual([])
    expect(await withProject(north.project.id, async (tx) => await tx.select().from(memberships))).toHaveLength(1)
  })

  it("the application's role is neither superuser nor owner, and cannot become one", async () => {
    const [role] = await app`select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user`
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false })
    const owned = await app`select relname from pg_class where relowner = current_user::regrole`
    expect(owned).toEqual([])
    await expect(app`alter table runs disable row level security`).rejects.toMatchObject({ code: "42501" })
  })
})

describe("A11 append-only", () => {
  it("the audit log, prices and events cannot be changed by the application, nor the first two by their owner", async () => {
    for (const table of ["audit_log", "prices", "events", "event_keys"]) {
      const column = table === "audit_log" ? "actor" : table === "prices" ? "source" : "project_id"
      await expect(app.unsafe(`update ${table} set ${column} = ${column}`)).rejects.toMatchObject({ code: "42501" })
      await expect(app.unsafe(`delete from ${table}`)).rejects.toMatchObject({ code: "42501" })
      await expect(app.unsafe(`truncate ${table}`)).rejects.toMatchObject({ code: "42501" })
    }
    for (const table of ["audit_log", "prices"]) {
      await expect(place.owner.unsafe(`delete from ${table}`)).rejects.toMatchObject({ code: "42501" })
      await expect(place.owner.unsafe(`truncate ${table}`)).rejects.toMatchObject({ code: "42501" })
    }
  })
})
