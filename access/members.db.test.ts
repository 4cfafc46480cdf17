import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { ProjectActor, UserActor } from "@/access/actor"
import { listAudit } from "@/access/audit"
import { createKey } from "@/access/keys"
import { addMember, listMembers, removeMember, updateMember } from "@/access/members"
import { authorize, listProjects } from "@/access/project"
import { createProject, updateProject } from "@/access/projects"
import { ADMIN, logInForTest, ORIGIN, openTwoProjects, type TestInstallation } from "@/access/testing"
import { AppError } from "@/lib/errors"
import type { Role } from "@/lib/vocabulary"

let place: TestInstallation
let north: ProjectActor
let south: ProjectActor
let root: UserActor
beforeAll(async () => {
  ;({ place, north, south, root } = await openTwoProjects())
})
afterAll(() => place.close())

let people = 0
const PASSWORD = "four small copper kettles"
async function person(role: Role, project: ProjectActor = north) {
  await place.owner`truncate login_attempts`
  const email = `person${people++}@example.com`
  const member = await addMember(project, { email, name: email, role, password: PASSWORD }, ORIGIN)
  const { actor, headers } = await logInForTest(email, PASSWORD)
  const enter = (slug: string) =>
    authorize({ headers, url: new URL(`http://127.0.0.1/?project=${slug}`), remoteIp: null }, "runs.read")
  return { id: member.id, email, actor, headers, enter }
}
const refusal = async (work: Promise<unknown>) =>
  await work.then(
    () => "done",
    (error) => (error instanceof AppError ? `${error.code}: ${error.message}` : String(error)),
  )
const noRebuild = async () => {}

describe("members", () => {
  it("a member sees his project and no other: a foreign one answers as one that is not there", async () => {
    const { actor, enter } = await person("viewer")
    expect((await listProjects(actor)).map((project) => [project.slug, project.role])).toEqual([["north", "viewer"]])
    expect(await enter("north")).toMatchObject({ role: "viewer" })
    expect(await refusal(enter("south"))).toBe(await refusal(enter("nowhere")))
    expect(await refusal(enter("south"))).toMatch(/^not_found/)
  })

  it("an administrator is in every project", async () => {
    expect((await listProjects(root)).map((project) => project.slug)).toEqual(["north", "south"])
    expect((await listMembers(south)).items.map((member) => member.email)).toContain(ADMIN.email)
  })

  it("who has an account elsewhere is let in without a password, and keeps the other project", async () => {
    const { id, email, actor } = await person("viewer", south)
    const added = await addMember(north, { email, name: "ignored", role: "finance" }, ORIGIN)
    expect(added).toMatchObject({ id, role: "finance" })
    expect(actor.memberships).toHaveLength(1)
    const again = await logInForTest(email, PASSWORD)
    expect(again.actor.memberships.map((membership) => membership.role).sort()).toEqual(["finance", "viewer"])
    expect(await refusal(addMember(north, { email, name: "x", role: "viewer" }, ORIGIN))).toMatch(/^conflict/)
    await removeMember(north, id, ORIGIN)
    expect((await logInForTest(email, PASSWORD)).actor.memberships).toHaveLength(1)
  })

  it("a new person needs a good password", async () => {
    const base = { email: "new@example.com", name: "New", role: "viewer" as const }
    expect(await refusal(addMember(north, base, ORIGIN))).toMatch(/^invalid_input/)
    expect(await refusal(addMember(north, { ...base, password: "password1234" }, ORIGIN))).toMatch(/^weak_password/)
    expect(await place.owner`select 1 from users where email = ${base.email}`).toHaveLength(0)
  })

  it("B62: a person of another project is as absent as nobody", async () => {
    const { id } = await person("viewer", south)
    const nobody = await refusal(updateMember(north, "nobody", { role: "operator" }, ORIGIN))
    expect(await refusal(updateMember(north, id, { role: "operator" }, ORIGIN))).toBe(nobody)
    expect(await refusal(removeMember(north, id, ORIGIN))).toBe(nobody)
    expect((await listMembers(north)).items.map((member) => member.id)).not.toContain(id)
  })

  it("A8: only administrators change members, keys, projects, whatever route they come by", async () => {
    for (const role of ["viewer", "operator", "finance"] as const) {
      const { actor, enter } = await person(role)
      const here = await enter("north")
      const input = { email: "x@example.com", name: "x", role: "viewer" as const, password: PASSWORD }
      const key = { name: "x", scopes: ["ingest" as const], environment: null, expires_in_days: 1 }
      expect(await refusal(listMembers(here))).toMatch(/^forbidden/)
      expect(await refusal(addMember(here, input, ORIGIN))).toMatch(/^forbidden/)
      expect(await refusal(updateMember(here, actor.userId, { role: "admin" }, ORIGIN))).toMatch(/^forbidden/)
      expect(await refusal(createKey(here, key, ORIGIN))).toMatch(/^forbidden/)
      expect(await refusal(updateProject(here, { name: "x" }, noRebuild, ORIGIN))).toMatch(/^forbidden/)
      expect(await refusal(createProject(actor, { name: "x", zone: "UTC", currency: "USD" }, ORIGIN))).toMatch(
        /^forbidden/,
      )
    }
  })

  it("A19: the last administrator cannot be removed, and of two who remove each other at once one stays", async () => {
    const rootId = root.userId
    expect(await refusal(updateMember(north, rootId, { is_disabled: true }, ORIGIN))).toMatch(/^conflict/)
    expect(await refusal(updateMember(north, rootId, { role: "viewer" }, ORIGIN))).toMatch(/^conflict/)
    for (let round = 0; round < 5; round++) {
      const second = await person("admin")
      const secondActor: ProjectActor = { ...north, actor: second.actor }
      const results = await Promise.all([
        refusal(updateMember(north, second.id, { is_disabled: true }, ORIGIN)),
        refusal(updateMember(secondActor, rootId, { is_disabled: true }, ORIGIN)),
      ])
      expect(results.filter((result) => result === "done")).toHaveLength(1)
      const [row] = await place.owner`select count(*)::int as n from users where is_admin and disabled_at is null`
      expect(row?.n).toBe(1)
      await place.owner`update users set disabled_at = null where id = ${rootId}`
      await place.owner`update users set is_admin = false where id = ${second.id}`
    }
  })
})

describe("projects", () => {
  it("two with one slug cannot be", async () => {
    const input = { name: "Nörth", slug: "north", zone: "UTC", currency: "USD" }
    expect(await refusal(createProject(root, input, ORIGIN))).toMatch(/^conflict/)
  })

  it("a change of zone and what is made again for it are one: either fails, both do", async () => {
    const zones: string[] = []
    await updateProject(north, { zone: "Asia/Kathmandu" }, async (_tx, zone) => void zones.push(zone), ORIGIN)
    await updateProject(north, { name: "Northern line" }, async (_tx, zone) => void zones.push(zone), ORIGIN)
    expect(zones).toEqual(["Asia/Kathmandu"])
    const failing = updateProject(north, { zone: "UTC" }, () => Promise.reject(new Error("no")), ORIGIN)
    await expect(failing).rejects.toThrow("no")
    const [row] = await place.owner`select name, zone from projects where slug = 'north'`
    expect(row).toEqual({ name: "Northern line", zone: "Asia/Kathmandu" })
  })
})

describe("A11 audit log", () => {
  const actions = async (actor: ProjectActor) => {
    const { items } = await listAudit(actor, { cursor: null, limit: 200 })
    return items.map(({ action, actor: who }) => ({ action, who }))
  }

  it("each change leaves one row with who, what, before and after, in the same transaction", async () => {
    const { id, email } = await person("viewer")
    await updateMember(north, id, { role: "operator" }, ORIGIN)
    const { items } = await listAudit(north, { cursor: null, limit: 1 })
    expect(items).toMatchObject([
      {
        actor: `user:${ADMIN.email}`,
        action: "member.updated",
        target: `user:${email}`,
        before: { role: "viewer" },
        after: { role: "operator" },
        request_id: ORIGIN.requestId,
        ip: ORIGIN.remoteIp,
      },
    ])
    const [{ n: rows }] = (await place.owner`select count(*)::int as n from audit_log`) as unknown as [{ n: number }]
    await refusal(updateMember(north, id, { password: "short" }, ORIGIN))
    const [{ n: after }] = (await place.owner`select count(*)::int as n from audit_log`) as unknown as [{ n: number }]
    expect(after).toBe(rows)
  })

  it("shows administrators all of it, operators their project, finance what finance answers for, viewers their own", async () => {
    await createKey(south, { name: "southern", scopes: ["ingest"], environment: null, expires_in_days: 1 }, ORIGIN)
    const all = await actions(north)
    expect(all.some(({ action }) => action === "setup.completed")).toBe(true)
    const operator = await person("operator")
    const seen = await actions(await operator.enter("north"))
    expect(seen.some(({ action }) => action === "member.added")).toBe(true)
    expect(seen.some(({ action }) => action === "setup.completed")).toBe(false)
    const finance = await person("finance")
    const money = await actions(await finance.enter("north"))
    expect(money.some(({ action }) => action === "project.updated")).toBe(true)
    expect(money.some(({ action }) => action === "member.added")).toBe(false)
    const viewer = await person("viewer")
    const own = await actions(await viewer.enter("north"))
    expect(new Set(own.map(({ who }) => who))).toEqual(new Set([`user:${viewer.email}`]))
    const targets = (await listAudit(north, { cursor: null, limit: 200 })).items.map((item) => item.after)
    expect(JSON.stringify(targets)).not.toContain("southern")
  })

  it("pages by cursor without gap or repeat", async () => {
    const whole = (await listAudit(north, { cursor: null, limit: 200 })).items.map((item) => item.id)
    const paged: string[] = []
    let cursor: string | null = null
    do {
      const page = await listAudit(north, { cursor, limit: 3 })
      paged.push(...page.items.map((item) => item.id))
      cursor = page.next_cursor
    } while (cursor !== null)
    expect(paged).toEqual(whole)
  })
})
