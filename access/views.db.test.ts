import { afterAll, beforeAll, expect, test } from "vitest"
import type { ProjectActor } from "@/access/actor"
import {
  addProjectForTest,
  installForTest,
  joinForTest,
  ORIGIN,
  openTestInstallation,
  type TestInstallation,
} from "@/access/testing"
import { changeView, createView, listViews, removeView } from "@/access/views"
import { SavedViewInput } from "@/lib/contracts/views"

let place: TestInstallation
let admin: ProjectActor
let viewer: ProjectActor
let operator: ProjectActor
let elsewhere: ProjectActor

const SPEND = { name: "Billing", path: "/spend", query: "by=team&last=7d", is_shared: false }

const names = async (actor: ProjectActor) => (await listViews(actor)).items.map((view) => view.name)

beforeAll(async () => {
  place = await openTestInstallation()
  const installed = await installForTest()
  admin = installed.admin
  viewer = await joinForTest(admin, "viewer")
  operator = await joinForTest(admin, "operator")
  elsewhere = await addProjectForTest(installed.user, "South")
})
afterAll(async () => await place.close())

test("a view of one's own is seen, changed and deleted by nobody else", async () => {
  const view = await createView(viewer, SPEND, ORIGIN)
  expect(view).toMatchObject({ ...SPEND, is_own: true, may_change: true, made_by: "viewer" })
  expect(await names(viewer)).toEqual(["Billing"])
  for (const other of [operator, admin, elsewhere]) {
    expect(await names(other)).toEqual([])
    await expect(changeView(other, view.id, { name: "taken" }, ORIGIN)).rejects.toMatchObject({ code: "not_found" })
    await expect(removeView(other, view.id, ORIGIN)).rejects.toMatchObject({ code: "not_found" })
  }
  expect(await changeView(viewer, view.id, { name: "Bills", query: "" }, ORIGIN)).toMatchObject({
    name: "Bills",
    query: "",
    path: "/spend",
  })
  await removeView(viewer, view.id, ORIGIN)
  expect(await names(viewer)).toEqual([])
})

test("operators and administrators share; everybody in the project sees it, and nobody outside", async () => {
  await expect(createView(viewer, { ...SPEND, is_shared: true }, ORIGIN)).rejects.toMatchObject({ code: "forbidden" })
  const view = await createView(operator, { ...SPEND, name: "Night shift", is_shared: true }, ORIGIN)
  expect((await listViews(viewer)).items).toEqual([{ ...view, is_own: false, may_change: false }])
  expect(await names(elsewhere)).toEqual([])
  await expect(removeView(viewer, view.id, ORIGIN)).rejects.toMatchObject({ code: "forbidden" })
  await expect(removeView(elsewhere, view.id, ORIGIN)).rejects.toMatchObject({ code: "not_found" })
  expect(await changeView(admin, view.id, { name: "Nights" }, ORIGIN)).toMatchObject({ name: "Nights", is_own: false })
  await expect(changeView(admin, view.id, { is_shared: false }, ORIGIN)).rejects.toMatchObject({ code: "conflict" })
  await removeView(admin, view.id, ORIGIN)
  const logged = await place.owner<{ action: string; actor: string }[]>`
    select action, actor from audit_log where target = ${`view:${view.id}`} order by id`
  expect(logged.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
    "view.shared user:operator@example.com",
    "view.shared user:ada@example.com",
    "view.removed user:ada@example.com",
  ])
})

test("a name is taken once among one's own and once among the shared, whatever its case", async () => {
  const mine = await createView(operator, { ...SPEND, name: "Costs" }, ORIGIN)
  await expect(createView(operator, { ...SPEND, name: "COSTS" }, ORIGIN)).rejects.toMatchObject({
    code: "conflict",
    field: "name",
  })
  const shared = await createView(admin, { ...SPEND, name: "costs", is_shared: true }, ORIGIN)
  await expect(changeView(operator, mine.id, { is_shared: true }, ORIGIN)).rejects.toMatchObject({ code: "conflict" })
  const twice = await Promise.allSettled([
    createView(viewer, { ...SPEND, name: "At once" }, ORIGIN),
    createView(viewer, { ...SPEND, name: "at once" }, ORIGIN),
  ])
  expect(twice.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
  await removeView(admin, shared.id, ORIGIN)
  expect(await changeView(operator, mine.id, { is_shared: true }, ORIGIN)).toMatchObject({ is_shared: true })
})

test("an address is a page of Andon and nothing else", () => {
  const taken = (path: string, query = "") => SavedViewInput.safeParse({ name: "x", path, query }).success
  for (const path of ["/", "/spend", "/runs/compare", "/settings/keys"]) expect(taken(path)).toBe(true)
  for (const path of [
    "",
    "//evil.example",
    "/\\evil",
    "spend",
    "https://evil.example",
    "/spend?x=1",
    "/spend#x",
    "/Spend",
  ])
    expect({ path, taken: taken(path) }).toEqual({ path, taken: false })
  expect(taken("/spend", "by=team&model=~-&x=%F0%9F%92%A5")).toBe(true)
  for (const query of ["a=b c", "a=b\nc", "ü=1", "x".repeat(4001)]) expect(taken("/spend", query)).toBe(false)
})
