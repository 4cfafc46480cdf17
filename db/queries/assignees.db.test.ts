import { afterAll, beforeAll, expect, it } from "vitest"
import type { ProjectActor } from "@/access/actor"
import { addMember, updateMember } from "@/access/members"
import { ADMIN, ORIGIN, openTwoProjects, type TestInstallation } from "@/access/testing"
import { withProject } from "@/db/client"
import { listAssignees } from "@/db/queries/assignees"
import type { Role } from "@/lib/vocabulary"

let place: TestInstallation
let north: ProjectActor
let south: ProjectActor
beforeAll(async () => {
  ;({ place, north, south } = await openTwoProjects())
})
afterAll(() => place.close())

const join = (project: ProjectActor, name: string, role: Role) =>
  addMember(project, { email: `${name}@example.com`, name, role, password: "four small copper kettles" }, ORIGIN)
const emailsIn = async (project: ProjectActor) => {
  const { items, count } = await withProject(project.project.id, (tx) => listAssignees(tx))
  expect(count).toBe(items.length)
  return items.map(({ email }) => email)
}

it("names who may act in the project, and nobody else", async () => {
  await join(north, "omar", "operator")
  await join(north, "vera", "viewer")
  await join(north, "fin", "finance")
  await join(south, "sue", "operator")
  const gone = await join(north, "gus", "operator")
  await updateMember(north, gone.id, { is_disabled: true }, ORIGIN)
  expect((await emailsIn(north)).sort()).toEqual([ADMIN.email, "omar@example.com"].sort())
  expect((await emailsIn(south)).sort()).toEqual([ADMIN.email, "sue@example.com"].sort())
})
