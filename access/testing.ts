import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import postgres from "postgres"
import type { ProjectActor, UserActor } from "@/access/actor"
import type { Origin } from "@/access/audit"
import { forgetKeys } from "@/access/authenticate-key"
import { accessConfig, configureAccess, readAccessConfig } from "@/access/config"
import { makeKeySecret } from "@/access/key-secret"
import { login } from "@/access/login"
import { addMember } from "@/access/members"
import { enterProjectOf } from "@/access/project"
import { createProject } from "@/access/projects"
import { currentUser } from "@/access/session"
import { forgetSetUp, install } from "@/access/setup"
import { closePools, configureDatabase } from "@/db/client"
import { createTestDatabase, type TestDatabase } from "@/db/testing"
import type { Role } from "@/lib/vocabulary"

export const ORIGIN: Origin = { requestId: "test-request", remoteIp: "192.0.2.1" }
export const ADMIN = { email: "ada@example.com", name: "Ada", password: "lantern over quiet water" }

export type TestInstallation = {
  database: TestDatabase
  /** A connection that row-level security does not bind. */
  owner: postgres.Sql
  dataDir: string
  close(): Promise<void>
}

/** An empty installation on a database and data folder of its own. Call it in `beforeAll`. */
export async function openTestInstallation(env: Record<string, string> = {}): Promise<TestInstallation> {
  const database = await createTestDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), "andon-access-"))
  configureDatabase(database.app)
  configureAccess(readAccessConfig({ ANDON_DATA_DIR: dataDir, ANDON_URL: "http://127.0.0.1:4110", ...env }))
  forgetSetUp()
  forgetKeys()
  const owner = postgres({ ...database.owner, max: 2, onnotice: () => {} })
  return {
    database,
    owner,
    dataDir,
    async close() {
      await closePools()
      await owner.end({ timeout: 5 })
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** The administrator with a first project and its key. */
export async function installForTest(): Promise<{ admin: ProjectActor; user: UserActor; key: string }> {
  const done = await install(ADMIN, { name: "North", zone: "Europe/Berlin" }, makeKeySecret(), null, ORIGIN)
  if (!done) throw new Error("somebody was there already")
  const user = await logInForTest(ADMIN.email, ADMIN.password)
  return { admin: await enterProjectOf(user.actor, done.project), user: user.actor, key: done.key }
}

/** A second project, entered by the administrator. */
export async function addProjectForTest(admin: UserActor, name: string): Promise<ProjectActor> {
  const project = await createProject(admin, { name, zone: "UTC", currency: "USD" }, ORIGIN)
  return await enterProjectOf(admin, project.slug)
}

/** Somebody of this role in a project, without a log-in: for functions that are given who acts. */
export function actorOf(
  project: ProjectActor["project"],
  role: ProjectActor["role"],
  name: string = role,
): ProjectActor {
  const actor: UserActor = {
    kind: "user",
    userId: name,
    email: `${name}@example.com`,
    name,
    isAdmin: role === "admin",
    sessionId: "s",
    memberships: [],
  }
  return { actor, project, role }
}

/** An installation with two projects, both entered by the administrator. */
export async function openTwoProjects(): Promise<{
  place: TestInstallation
  north: ProjectActor
  south: ProjectActor
  root: UserActor
}> {
  const place = await openTestInstallation()
  const { admin: north, user: root } = await installForTest()
  return { place, north, south: await addProjectForTest(root, "South"), root }
}

/** A member of this role, logged in and in the project. */
export async function joinForTest(admin: ProjectActor, role: Role): Promise<ProjectActor> {
  const [email, password] = [`${role}@example.com`, "nine slow copper bells"]
  await addMember(admin, { email, name: role, role, password }, ORIGIN)
  return await enterProjectOf((await logInForTest(email, password)).actor, admin.project.slug)
}

export async function logInForTest(email: string, password: string): Promise<{ actor: UserActor; headers: Headers }> {
  const headers = cookieHeaders(await login({ email, password }, new Headers(), ORIGIN))
  const actor = await currentUser(headers)
  if (!actor) throw new Error("the new session is not valid")
  return { actor, headers }
}

/** What a browser sends back after these `Set-Cookie` lines. */
export function cookieHeaders(lines: readonly string[]): Headers {
  const cookie = lines.map((line) => line.split(";")[0]).join("; ")
  return new Headers({ cookie, origin: accessConfig().publicUrl.origin, "sec-fetch-site": "same-origin" })
}
