import { describe, expect, test } from "vitest"
import { pool } from "@/db/client"
import { closeDemoProject, removeDemoProject } from "@/db/remove-demo"
import { readerFor } from "@/db/testing-reader"

const NOW = Date.parse("2026-11-20T10:07:00Z")
const db = readerFor(NOW)

async function filled(slug: string, isDemo: boolean): Promise<number> {
  const [row] = await db.make
    .sql`insert into projects (slug, name, is_demo) values (${slug}, ${slug}, ${isDemo}) returning id`
  const project = row?.id as number
  const key = await db.make.key(project, `k${String(project).padStart(7, "0")}`)
  const at = ["2026-11-18T10:00:00Z", "2026-11-19T10:00:00Z", "2026-11-20T09:00:00Z"]
  await db.make.spans(
    project,
    at.map((time) => ({ at: time, model: "m", cost: "1", key, run: "r1" })),
  )
  await db.make.runs(project, [{ id: "r1", at: "2026-11-18T10:00:00Z" }])
  await db.make.verifications(project, [
    { id: "v1", run: "r1", at: "2026-11-18T10:00:00Z", check: "c", outcome: "passed" },
  ])
  await db.make.rollUp(project)
  const sql = db.make.sql
  await sql`insert into event_keys values (${project}, gen_random_uuid(), gen_random_uuid())`
  await sql`insert into prices (project_id, provider, model, valid_from, input, output, source, source_date)
    values (${project}, 'p', 'm', now(), 1, 1, 's', '2026-11-01')`
  await sql`insert into exceptions (project_id, kind, severity, fingerprint, state, first_seen_at, last_seen_at, raised_by)
    values (${project}, 'halt', 'high', 'f', 'unack_active', now(), now(), 'test')`
  await sql`insert into exception_log (project_id, exception_id, n, actor, action, from_state, to_state) values (${project}, 1, 1, 'a', 'raised', 'none', 'x')`
  await sql`insert into audit_log (project_id, actor, action) values (${project}, 'user:a', 'project.created')`
  await sql`select ensure_partition('events', '2026-11-20')`
  await sql`insert into events (project_id, received_at, id, type, run_id, span_id, key_id, body, entry)
    values (${project}, '2026-11-20T09:00:00Z', 'e1', 'span', 'r1', 's1', ${key}, '{}', '{}')`
  return project
}

/** Rows per table, counted by the owner. */
async function count(project: number): Promise<Record<string, number>> {
  const tables = await db.make.sql<{ name: string }[]>`select demo_tables() as name`
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const [row] = await db.make.sql`select count(*)::int as n from ${db.make.sql(name)} where project_id = ${project}`
    if (row?.n > 0) counts[name] = row?.n as number
  }
  return counts
}

describe("removal of a demo project", () => {
  test("takes every row of it and none of another's", async () => {
    const [demo, other, second] = [
      await filled("demo", true),
      await filled("acme", false),
      await filled("demo-2", true),
    ]
    const before = [await count(other), await count(second)]
    expect(Object.keys(await count(demo))).toEqual(
      expect.arrayContaining([
        "events",
        "event_keys",
        "spans",
        "runs",
        "verifications",
        "spend_rollup",
        "prices",
        "exception_log",
        "ingest_keys",
      ]),
    )
    const steps: number[] = []
    const { rows } = await removeDemoProject("demo", (done, total) => steps.push(done / total))
    expect(rows).toBeGreaterThan(10)
    expect(steps.at(-1)).toBe(1)
    expect(await count(demo)).toEqual({})
    expect(await db.make.sql`select 1 from projects where slug = 'demo'`).toEqual([])
    expect([await count(other), await count(second)]).toEqual(before)
    // What was done is still known.
    expect(await db.make.sql`select 1 from audit_log where project_id = ${demo}`).toHaveLength(1)
    await expect(removeDemoProject("demo")).rejects.toMatchObject({ code: "not_found" })
  })

  test("a project without the mark is refused, by us and by the database", async () => {
    const project = await filled("real", false)
    const before = await count(project)
    await expect(removeDemoProject("real")).rejects.toMatchObject({ code: "conflict" })
    await closeDemoProject("real")
    const call = pool("maintenance")`select remove_demo_rows(${project}, 'events', null)`
    await expect(call).rejects.toMatchObject({ code: "42501" })
    expect(await count(project)).toEqual(before)
    expect(
      await db.make.sql`select 1 from ingest_keys where project_id = ${project} and revoked_at is null`,
    ).toHaveLength(1)
  })

  test("the mark is given at birth, and guards stay shut around a removal", async () => {
    const [real, demo] = [await filled("born-real", false), await filled("born-demo", true)]
    const app = pool("maintenance")
    for (const sql of [app, db.make.sql])
      await expect(sql`update projects set is_demo = true where id = ${real}`).rejects.toMatchObject({ code: "42501" })
    // Neither the setting nor the mark alone opens an append-only table, not even to its owner.
    for (const table of ["prices", "exception_log"])
      for (const project of [real, demo])
        await expect(
          db.make.sql`delete from ${db.make.sql(table)} where project_id = ${project}`,
        ).rejects.toMatchObject({
          code: "42501",
        })
    const spoofed = db.make.sql.begin(async (tx) => {
      await tx`select set_config('app.removing_demo', ${String(real)}, true)`
      await tx`delete from prices where project_id = ${real}`
    })
    await expect(spoofed).rejects.toMatchObject({ code: "42501" })
    await expect(app`delete from events where project_id = ${demo}`).rejects.toMatchObject({ code: "42501" })
    await expect(app`select remove_demo_rows(${demo}, 'audit_log', null)`).rejects.toThrow("no table")
  })

  test("keys are shut before", async () => {
    const project = await filled("shut", true)
    await closeDemoProject("shut")
    expect(await db.make.sql`select 1 from ingest_keys where project_id = ${project} and revoked_at is null`).toEqual(
      [],
    )
  })
})
