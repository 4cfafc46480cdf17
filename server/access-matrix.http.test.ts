import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { FRONT, MATRIX, type Need, PAGES, type RouteRule } from "@/access/matrix"
import { can, type Grantee, PERMISSIONS, type Permission } from "@/access/permissions"
import { type Booted, bootServer } from "./testing"

/**
 * The matrix of `access/matrix.ts` played on a whole server: each route with each caller, in the caller's project and in a foreign one.
 * What must come back is computed here from the table alone.
 */
type Fixture = Record<"project" | "run" | "span" | "costSpan" | "deadLetter" | "member" | "spentKey", string>
type Caller = {
  name: string
  role: Grantee | "ingest key" | "directives key" | "nobody"
  headers: Record<string, string>
}

const PASSWORD = "four small copper kettles"
let server: Booted
let own: Fixture
let foreign: Fixture
const callers: Caller[] = []

const ask = async (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  await fetch(server.url + path, {
    method,
    redirect: "manual",
    headers: {
      ...(headers.authorization ? {} : { origin: server.url, "sec-fetch-site": "same-origin" }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

async function logIn(email: string, password: string): Promise<Record<string, string>> {
  const answer = await ask("POST", "/api/auth/login", {}, { email, password })
  expect(answer.status).toBe(204)
  return { cookie: (answer.headers.getSetCookie()[0] ?? "").split(";")[0] ?? "" }
}

async function made<T>(answer: Response): Promise<T> {
  const text = await answer.text()
  expect({ status: answer.status, text: answer.ok ? "" : text }).toEqual({
    status: answer.ok ? answer.status : 200,
    text: "",
  })
  return JSON.parse(text) as T
}

/** One run with a span, a cost event, a rejected event, a member and a revoked key. */
async function fill(
  project: string,
  admin: Record<string, string>,
): Promise<Fixture & { ingest: string; read: string; directives: string }> {
  const at = new Date().toISOString()
  const inProject = `?project=${project}`
  const key = async (name: string, scopes: string[]) =>
    await made<{ key: { id: number }; secret: string }>(
      await ask("POST", `/api/v1/keys${inProject}`, admin, { name, scopes }),
    )
  const ingest = await key("matrix ingest", ["ingest"])
  const read = await key("matrix read", ["read"])
  const directives = await key("matrix directives", ["directives"])
  const spent = await key("matrix spent", ["ingest"])
  await made(await ask("DELETE", `/api/v1/keys/${spent.key.id}${inProject}`, admin))
  const events = [
    { id: `${project}:1`, type: "run.started", run: `run-${project}`, at, workflow: "w", agent: "a" },
    {
      id: `${project}:2`,
      type: "span",
      run: `run-${project}`,
      span: `span-${project}`,
      kind: "llm",
      start: at,
      end: at,
      model: "m",
      input: "prompt",
    },
    { id: `${project}:3`, type: "cost", at, model: "m", cost: "0.5" },
    { id: `${project}:4`, type: "no.such.type", run: "x", at },
  ]
  await made(await ask("POST", "/api/v1/events", { authorization: `Bearer ${ingest.secret}` }, { events }))
  const letters = await made<{ items: { id: string }[] }>(await ask("GET", `/api/v1/dead-letters${inProject}`, admin))
  const member = { email: `member-${project}@example.com`, name: "Member", role: "viewer", password: PASSWORD }
  const { id } = await made<{ id: string }>(await ask("POST", `/api/v1/members${inProject}`, admin, member))
  return {
    project,
    run: `run-${project}`,
    span: `span-${project}`,
    costSpan: `cost:${project}:3`,
    deadLetter: letters.items[0]?.id ?? "",
    member: id,
    spentKey: String(spent.key.id),
    ingest: ingest.secret,
    read: read.secret,
    directives: directives.secret,
  }
}

beforeAll(async () => {
  server = await bootServer({ env: { ANDON_INIT_PROJECT: "North" } })
  const admin = await logIn(server.admin.email, server.admin.password)
  await made(await ask("POST", "/api/v1/projects", admin, { name: "South", zone: "UTC" }))
  const north = await fill("north", admin)
  own = north
  foreign = await fill("south", admin)
  callers.push({ name: "nobody", role: "nobody", headers: {} })
  for (const role of ["viewer", "operator", "finance"] as const) {
    const person = { email: `${role}@example.com`, name: role, role, password: PASSWORD }
    await made(await ask("POST", "/api/v1/members?project=north", admin, person))
    callers.push({ name: role, role, headers: await logIn(person.email, PASSWORD) })
  }
  callers.push({ name: "admin", role: "admin", headers: admin })
  callers.push({ name: "read key", role: "key", headers: { authorization: `Bearer ${north.read}` } })
  callers.push({ name: "ingest key", role: "ingest key", headers: { authorization: `Bearer ${north.ingest}` } })
  const ofRunner = { authorization: `Bearer ${north.directives}` }
  callers.push({ name: "directives key", role: "directives key", headers: ofRunner })
})
afterAll(async () => await server?.dispose())

const isPermission = (need: Need): need is Permission => typeof need === "string" && need in PERMISSIONS
const isPerson = (role: Caller["role"]) =>
  role === "viewer" || role === "operator" || role === "finance" || role === "admin"

/** The status that the table promises. `place`: whose project is asked for. */
function promised(rule: RouteRule, { role }: Caller, place: "own" | "foreign"): number {
  const { need, answer } = rule
  if (need === "nothing") return answer
  if (role === "nobody") return 401
  const isRunner = role === "ingest key" || role === "directives key"
  if (need === "ingest" || need === "directives")
    return role === `${need} key` ? answer : isRunner || role === "key" ? 403 : 401
  if (need === "gate") {
    if (isPerson(role)) return place === "own" || role === "admin" ? answer : 404
    return role === "ingest key" || place === "foreign" ? 403 : answer
  }
  if (need === "session") return isPerson(role) ? answer : 401
  if (need === "admin") return role === "admin" ? answer : isPerson(role) ? 403 : 401
  if (isPerson(role)) {
    const permission = isPermission(need) ? need : need.inPath
    if (place === "foreign" && role !== "admin") return 404
    return can(role as Grantee, permission) ? answer : 403
  }
  if (!isPermission(need)) return 401
  if (isRunner || place === "foreign") return 403
  return can("key", need) ? answer : 403
}

function address(rule: RouteRule, fixture: Fixture): string {
  const path = rule.path.replace(/\[([^\]]+)\]/g, (_, name: string) => {
    const source = rule.params?.[name] ?? ""
    return encodeURIComponent(source.startsWith("=") ? source.slice(1) : fixture[source as keyof Fixture])
  })
  return isPermission(rule.need) || rule.need === "gate" ? `${path}?project=${fixture.project}` : path
}

async function play(rule: RouteRule, caller: Caller, place: "own" | "foreign") {
  // Logging out would end the caller's session for the rows that follow.
  const isLogout = rule.path === "/api/auth/logout" && isPerson(caller.role)
  const person = caller.role === "admin" ? server.admin : { email: `${caller.role}@example.com`, password: PASSWORD }
  const headers = isLogout ? await logIn(person.email, person.password) : caller.headers
  const answer = await ask(rule.method, address(rule, place === "own" ? own : foreign), headers, rule.body)
  // A stream never ends by itself.
  const isStream = answer.headers.get("content-type")?.startsWith("text/event-stream") ?? false
  const text = isStream ? "" : await answer.text()
  if (isStream) await answer.body?.cancel()
  return { status: answer.status, text }
}

describe.each(["own", "foreign"] as const)("B62 %s project", (place) => {
  it.each([...MATRIX, ...FRONT])("$method $path", async (rule) => {
    const seen: Record<string, number> = {}
    const wanted: Record<string, number> = {}
    for (const caller of callers) {
      const { status, text } = await play(rule, caller, place)
      seen[caller.name] = status
      wanted[caller.name] = promised(rule, caller, place)
      if (place === "foreign" && !caller.role.includes("admin") && isPermission(rule.need))
        for (const secret of [foreign.run, foreign.span, "member-south"]) expect(text).not.toContain(secret)
    }
    expect(seen).toEqual(wanted)
  })
})

describe("B62 a foreign id in the own project", () => {
  const rules = [...MATRIX].filter(
    (rule) => isPermission(rule.need) && Object.values(rule.params ?? {}).some((source) => !source.startsWith("=")),
  )
  const missing: Fixture = {
    project: "north",
    run: "no-run",
    span: "no-span",
    costSpan: "cost:no",
    deadLetter: "999999",
    member: "no",
    spentKey: "999999",
  }

  it.each(rules)("$method $path answers as for an id that nobody has", async (rule) => {
    for (const caller of callers.filter(({ role }) => role !== "nobody" && !/ingest|directives/.test(role))) {
      const ask404 = async (fixture: Fixture) => {
        const answer = await ask(
          rule.method,
          address(rule, { ...fixture, project: "north" }),
          caller.headers,
          rule.body,
        )
        const { request_id: _, ...rest } = JSON.parse(await answer.text()) as Record<string, unknown>
        return { status: answer.status, ...rest }
      }
      const ofOther = await ask404(foreign)
      expect(ofOther).toEqual(await ask404(missing))
      expect(ofOther.status).toBe(can(caller.role as Grantee, rule.need as Permission) ? 404 : 403)
    }
  })
})

describe("A6 pages", () => {
  it.each(PAGES)("$path shows nothing without a session, nor of a foreign project", async ({ path }) => {
    const nobody = await ask("GET", `${path}?project=north`, {})
    expect(nobody.status).toBe(307)
    expect(nobody.headers.get("location")).toMatch(/^\/login/)
    const shapes: Record<string, string>[] = [
      { rsc: "1" },
      { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
      { "next-router-prefetch": "1", rsc: "1" },
    ]
    for (const headers of shapes) {
      const answer = await ask("GET", `${path}?project=north`, headers)
      expect(await answer.text()).not.toContain("run-north")
    }
    const viewer = callers.find(({ name }) => name === "viewer") as Caller
    const elsewhere = await ask("GET", `${path}?project=south`, viewer.headers)
    expect(elsewhere.status).toBe(404)
    expect(await elsewhere.text()).not.toContain("run-south")
  })
})

describe("B65 headers that a client may forge", () => {
  it("grant nothing and take nothing away", async () => {
    const forged = {
      "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-real-ip": "127.0.0.1",
      "x-andon-remote": "203.0.113.9",
      "x-http-method-override": "DELETE",
      "x-original-url": "/api/auth/login",
    }
    expect((await ask("GET", "/api/v1/runs", forged)).status).toBe(401)
    const admin = callers.find(({ name }) => name === "admin") as Caller
    expect((await ask("GET", "/api/v1/runs?project=north", { ...admin.headers, ...forged })).status).toBe(200)
    await ask("POST", "/api/auth/login", forged, { email: "nobody@example.com", password: "wrong wrong wrong" })
    const log = await made<{ items: { action: string; ip: string | null }[] }>(
      await ask("GET", "/api/v1/audit?project=north", admin.headers),
    )
    expect(log.items.find(({ action }) => action === "login.failed")?.ip).toMatch(/^(127\.0\.0\.1|::1)$/)
  })
})

describe("B57 changes from elsewhere", () => {
  const tries: [string, RequestInit][] = [
    [
      "a form of another site",
      {
        method: "POST",
        headers: { origin: "https://evil.example", "content-type": "application/x-www-form-urlencoded" },
        body: "name=x",
      },
    ],
    [
      "text/plain from another site",
      { method: "POST", headers: { origin: "https://evil.example", "content-type": "text/plain" }, body: "{}" },
    ],
    ["no origin", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" }],
    [
      "a sandboxed frame",
      { method: "POST", headers: { origin: "null", "content-type": "application/json" }, body: "{}" },
    ],
  ]
  it.each(tries)("%s is refused before anything is read", async (_, init) => {
    const admin = callers.find(({ name }) => name === "admin") as Caller
    for (const path of ["/api/v1/projects", "/api/v1/keys?project=north", "/api/auth/logout", "/api/auth/login"]) {
      const answer = await fetch(server.url + path, { ...init, headers: { ...init.headers, ...admin.headers } })
      expect({ path, status: answer.status, code: ((await answer.json()) as { code: string }).code }).toEqual({
        path,
        status: 403,
        code: "bad_origin",
      })
    }
    expect((await ask("GET", "/api/v1/me", admin.headers)).status).toBe(200)
  })

  it("a read never changes: mutations by GET are 405 with Allow", async () => {
    const admin = callers.find(({ name }) => name === "admin") as Caller
    for (const [path, allow] of [
      ["/api/auth/logout", "OPTIONS, POST"],
      ["/api/v1/keys/1", "DELETE, OPTIONS"],
      ["/api/v1/members/x", "DELETE, OPTIONS, PATCH"],
    ] as const) {
      const answer = await ask("GET", path, admin.headers)
      expect({ path, status: answer.status, allow: answer.headers.get("allow") }).toEqual({ path, status: 405, allow })
    }
  })

  it("only JSON is read", async () => {
    const admin = callers.find(({ name }) => name === "admin") as Caller
    const answer = await fetch(`${server.url}/api/v1/projects`, {
      method: "POST",
      headers: { ...admin.headers, origin: server.url, "content-type": "text/plain" },
      body: JSON.stringify({ name: "x", zone: "UTC" }),
    })
    expect(answer.status).toBe(415)
  })
})
