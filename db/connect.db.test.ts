import postgres from "postgres"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openDatabase } from "./connect"
import { createTestDatabase, type TestDatabase } from "./testing"

let database: TestDatabase
let admin: postgres.Sql
const roles = ["andon_test_plain", "andon_test_bypass"]

beforeAll(async () => {
  database = await createTestDatabase()
  admin = postgres({ ...database.owner, max: 1 })
  await admin.unsafe(`create role ${roles[0]} login; create role ${roles[1]} login bypassrls`)
})

afterAll(async () => {
  for (const role of roles) await admin.unsafe(`drop role ${role}`)
  await admin.end()
  await database.drop()
})

function address(user: string): string {
  const { path } = database.owner as { path: string }
  return `postgres://${user}@/${database.name}?host=${encodeURIComponent(path.slice(0, path.lastIndexOf("/")))}`
}

async function open(user: string) {
  return await openDatabase({ DATABASE_URL: address(user) }, () => {})
}

it("a superuser's connections take the application's role, which row-level security binds", async () => {
  const { app, kind } = await open("andon")
  expect(kind).toBe("external")
  const sql = postgres({ ...app, max: 1 })
  const [row] = await sql`
    select current_user as role, (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as unbound`
  await sql.end()
  expect(row).toEqual({ role: "andon_app", unbound: false })
})

it("an ordinary role that may not take the application's role serves as itself: forced row-level security binds it", async () => {
  const { app, owner } = await open("andon_test_plain")
  expect(app).toEqual(owner)
})

it("a role that bypasses row-level security and cannot take the application's role is refused, with the remedy (A9)", async () => {
  await expect(open("andon_test_bypass")).rejects.toThrow(
    /bypasses row-level security .* GRANT andon_app TO "andon_test_bypass"/,
  )
})

it("a server that cannot be reached is named as such, without its password", async () => {
  const opening = openDatabase({ DATABASE_URL: "postgres://u:hidden@127.0.0.1:4109/d" }, () => {})
  await expect(opening).rejects.toThrow(/^(?!.*hidden).*cannot be reached.*Check DATABASE_URL/)
})
