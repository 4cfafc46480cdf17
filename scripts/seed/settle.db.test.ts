import { describe, expect, it } from "vitest"
import { readerFor } from "@/db/testing-reader"
import { settleBefore, settleDaily } from "./settle"

const db = readerFor(0)

async function raise(project: number, name: string, at: string) {
  await db.make.sql`
    insert into exceptions (project_id, kind, severity, fingerprint, state, count, first_seen_at, last_seen_at, raised_by)
    values (${project}, 'halt', 'critical', ${name}, 'unack_active', 1, ${at}, ${at}, 'ingest')`
}
const open = async (project: number) =>
  (
    await db.make
      .sql`select fingerprint from exceptions where project_id = ${project} and state <> 'resolved' order by 1`
  ).map((row) => row.fingerprint as string)

describe("halts of the demo", () => {
  it("are resolved with a cause and a line in the log, but for the latest", async () => {
    const project = await db.make.project()
    await raise(project, "old", "2026-11-10T10:00:00Z")
    await raise(project, "new", "2026-11-20T10:00:00Z")
    expect(await settleBefore(project, Date.parse("2026-11-19T00:00:00Z"))).toBe(1)
    expect(await open(project)).toEqual(["new"])
    const log = await db.make.sql`
      select l.actor, l.to_state, l.cause is not null as has_cause from exception_log l where l.project_id = ${project}`
    expect([...log]).toEqual([{ actor: "seed", to_state: "resolved", has_cause: true }])
  })

  it("are looked at once a day of their history, and only in their own project", async () => {
    const [mine, other] = [await db.make.project(), await db.make.project()]
    const settle = settleDaily(mine)
    await settle(Date.parse("2026-11-20T00:00:00Z"))
    await raise(mine, "a", "2026-11-10T10:00:00Z")
    await raise(other, "b", "2026-11-10T10:00:00Z")
    await settle(Date.parse("2026-11-20T23:00:00Z"))
    expect(await open(mine)).toEqual(["a"])
    await settle(Date.parse("2026-11-21T00:00:00Z"))
    expect(await open(mine)).toEqual([])
    expect(await open(other)).toEqual(["b"])
  })
})
