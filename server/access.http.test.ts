import { randomBytes } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import postgres from "postgres"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { FRONT, MATRIX, PAGES } from "@/access/matrix"
import { socketOptions } from "@/db/embedded/claim"
import { connectEmbedded } from "@/db/embedded/start"
import { type Booted, bootServer } from "./testing"

const STATIC = fileURLToPath(new URL("../.next/static", import.meta.url))
const NOT_HEADLESS = {
  ANDON_INIT_ADMIN_EMAIL: "",
  ANDON_INIT_ADMIN_PASSWORD: "",
  ANDON_INIT_PROJECT: "",
  ANDON_INIT_INGEST_KEY: "",
}

const post = async (server: Booted, path: string, body: unknown, headers: Record<string, string> = {}) =>
  await fetch(server.url + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: server.url, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })
const cookieOf = (answer: Response) => (answer.headers.getSetCookie()[0] ?? "").split(";")[0] ?? ""
const codeOf = async (answer: Response) => ((await answer.json()) as { code?: string | number }).code

describe("A1, A2 the first run", () => {
  let server: Booted
  let link: string
  beforeAll(async () => {
    server = await bootServer({ env: NOT_HEADLESS })
    await vi.waitFor(() => expect(server.log()).toContain("/setup#token="), { timeout: 5000 })
    link = /http\S+\/setup#token=\S+/.exec(server.log())?.[0] ?? ""
  })
  afterAll(async () => await server?.dispose())

  it.each([...MATRIX, ...FRONT].filter(({ path }) => path !== "/api/auth/setup"))(
    "$method $path: 503 setup_required",
    async ({ method, path, body }) => {
      const answer = await fetch(server.url + path.replace(/\[[^\]]+\]/g, "1"), {
        method,
        headers: { origin: server.url, "content-type": "application/json" },
        ...(method === "GET" ? {} : { body: JSON.stringify(body ?? {}) }),
      })
      // OTLP has codes of its own: 14 is "unavailable, try again".
      const code = /\/v1\/(traces|logs|metrics)$/.test(path) ? 14 : "setup_required"
      expect({ status: answer.status, code: await codeOf(answer) }).toEqual({ status: 503, code })
    },
  )

  it("pages lead to the set-up, the log-in too", async () => {
    for (const path of [...PAGES.map((page) => page.path), "/login", "/settings"]) {
      const answer = await fetch(server.url + path, { redirect: "manual" })
      expect({ path, status: answer.status, to: answer.headers.get("location") }).toEqual({
        path,
        status: 307,
        to: "/setup",
      })
    }
    expect((await fetch(`${server.url}/setup`)).status).toBe(200)
  })

  it("of 50 set-ups at once one is made; then /setup is 404, the log of the next start has no link", async () => {
    expect(link.startsWith(server.url)).toBe(true)
    const token = new URL(link).hash.replace("#token=", "")
    const input = (email: string) => ({
      token,
      name: "Ada",
      email,
      password: "lantern over quiet water",
      project: "North",
      zone: "Europe/Berlin",
    })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => post(server, "/api/auth/setup", input(`ada${i}@example.com`))),
    )
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => status === 404 || status === 409)).toHaveLength(49)
    const winner = answers.find((answer) => answer.status === 201) as Response
    const done = (await winner.json()) as { key: string; url: string; project: string }
    expect(done).toMatchObject({ url: server.url, project: "north" })
    const me = await fetch(`${server.url}/api/v1/me`, { headers: { cookie: cookieOf(winner) } })
    expect(await me.json()).toMatchObject({
      user: { is_admin: true },
      projects: [{ slug: "north", zone: "Europe/Berlin", role: "admin" }],
    })
    const sent = await fetch(`${server.url}/api/v1/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${done.key}`, "content-type": "application/json" },
      body: '{"events":[]}',
    })
    expect(sent.status).toBe(200)
    expect((await fetch(`${server.url}/setup`)).status).toBe(404)
    expect((await post(server, "/api/auth/setup", input("late@example.com"))).status).toBe(404)
    expect(existsSync(join(server.dataDir, "setup-link.txt"))).toBe(false)
    expect(statSync(join(server.dataDir, "secrets.json")).mode & 0o777).toBe(0o600)
    await server.stop()
    const again = await bootServer({ env: NOT_HEADLESS, dataDir: server.dataDir })
    try {
      expect(again.log()).not.toContain("token=")
      expect((await fetch(`${again.url}/setup`)).status).toBe(404)
      // The session outlives the restart: it is in the database, its signature's secret in the data folder.
      expect((await fetch(`${again.url}/api/v1/me`, { headers: { cookie: cookieOf(winner) } })).status).toBe(200)
    } finally {
      await again.dispose()
    }
  })
})

describe("A4, A10, B66, B68 a running server", () => {
  const canary = {
    auth: randomBytes(32).toString("base64url"),
    pepper: randomBytes(32).toString("base64url"),
    path: randomBytes(24).toString("base64url"),
    routing: randomBytes(16).toString("hex"),
  }
  let server: Booted
  let cookie: string
  let seen = ""
  const look = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(server.url + path, { redirect: "manual", ...init })
    const text = await answer.text()
    seen += [...answer.headers].filter(([name]) => name !== "set-cookie").join("\n") + text
    return { status: answer.status, text, headers: answer.headers }
  }
  beforeAll(async () => {
    server = await bootServer({ env: { ANDON_AUTH_SECRET: canary.auth, ANDON_KEY_PEPPER: canary.pepper } })
    cookie = cookieOf(await post(server, "/api/auth/login", server.admin))
  })
  afterAll(async () => await server?.dispose())

  it("B59: a session that was logged out is refused at once, on API and pages", async () => {
    const other = cookieOf(await post(server, "/api/auth/login", server.admin))
    expect((await look("/api/v1/me", { headers: { cookie: other } })).status).toBe(200)
    expect((await post(server, "/api/auth/logout", {}, { cookie: other })).status).toBe(204)
    const from = performance.now()
    expect((await look("/api/v1/me", { headers: { cookie: other } })).status).toBe(401)
    expect(performance.now() - from).toBeLessThan(500)
    expect((await look("/spend", { headers: { cookie: other } })).status).toBe(307)
  })

  it("A10: a revoked key is refused within a second, in front and behind", async () => {
    const made = await post(server, "/api/v1/keys", { name: "short-lived", scopes: ["ingest", "read"] }, { cookie })
    const { key, secret } = (await made.json()) as { key: { id: number }; secret: string }
    const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json" }
    const ingest = async () => (await look("/api/v1/events", { method: "POST", headers, body: '{"events":[]}' })).status
    const read = async () => (await look("/api/v1/runs", { headers })).status
    expect([await ingest(), await read()]).toEqual([200, 200])
    await fetch(`${server.url}/api/v1/keys/${key.id}`, { method: "DELETE", headers: { cookie, origin: server.url } })
    expect([await ingest(), await read()]).toEqual([401, 401])
  })

  it("B68: a fault of the database shows no SQL, stack, path or version; its id finds it in the log", async () => {
    const database = await connectEmbedded({ dataDir: server.dataDir, onProgress: () => {} })
    const owner = postgres({
      ...socketOptions(database.socketDir),
      database: database.database,
      max: 1,
      onnotice: () => {},
    })
    // A right that is gone, because a pooled connection finds a renamed table again by its number.
    await owner`revoke select on runs, health_rollup from andon_app`
    try {
      const { status, text } = await look("/api/v1/runs", { headers: { cookie } })
      expect(status).toBe(500)
      for (const leak of [
        /select/i,
        /permission denied|relation|andon_app/,
        /\bat \S+\.(ts|js)/,
        /node_modules|\/tmp\/|file:/,
        /postgres|drizzle|next\.js/i,
      ])
        expect(text).not.toMatch(leak)
      const { request_id } = JSON.parse(text) as { request_id: string }
      await expect.poll(() => server.log(), { timeout: 10_000 }).toContain(request_id)
      const page = await look("/runs", { headers: { cookie } })
      for (const leak of [/permission denied|andon_app/, /\bat \S+\.(ts|js):\d/, /node_modules/])
        expect(page.text).not.toMatch(leak)
    } finally {
      await owner`grant select on runs, health_rollup to andon_app`
      await owner.end()
      await database.stop()
    }
    const nowhere = await look("/api/v1/no/such/thing", { headers: { cookie } })
    expect(nowhere.status).toBe(404)
    expect(JSON.parse(nowhere.text)).toMatchObject({ code: "not_found" })
    expect((await look("/api/v1/runs?from=%00%27%3Bselect", { headers: { cookie } })).status).toBe(400)
  })

  it("B66: no secret in logs, answers, pages, bundles, audit", async () => {
    await post(server, "/api/auth/login", { email: server.admin.email, password: "wrong wrong wrong" })
    await look("/api/v1/events", { method: "POST", headers: { authorization: `Bearer ${server.key}x` }, body: "{" })
    // By number: nothing is looked up, and nothing is sent there.
    const hook = { kind: "webhook", name: "hook", url: `https://93.184.216.34/${canary.path}` }
    const made = await post(server, "/api/v1/alerts/channels", hook, { cookie })
    const { signing_secret } = (await made.json()) as { signing_secret: string }
    const paging = { kind: "pagerduty", name: "pager", routing_key: canary.routing }
    expect((await post(server, "/api/v1/alerts/channels", paging, { cookie })).status).toBe(201)
    for (const { path } of [
      ...PAGES,
      { path: "/settings" },
      { path: "/settings/keys" },
      { path: "/settings/members" },
      { path: "/settings/audit" },
      { path: "/settings/alerts" },
    ])
      expect((await look(path, { headers: { cookie, rsc: "1" } })).status).toBeLessThan(400)
    for (const path of [
      "/api/v1/keys",
      "/api/v1/members",
      "/api/v1/audit?limit=200",
      "/api/v1/me",
      "/api/auth/sessions",
      "/api/v1/alerts/channels",
      "/api/v1/alerts/deliveries",
      "/api/v1/openapi.json",
    ])
      expect((await look(path, { headers: { cookie } })).status).toBe(200)
    const bundles = readdirSync(STATIC, { recursive: true, encoding: "utf8" })
      .map((file) => join(STATIC, file))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file, "latin1"))
      .join("")
    expect(bundles.length).toBeGreaterThan(100_000)
    const token = decodeURIComponent(cookie.split("=")[1] ?? "").split(".")[0] ?? ""
    expect(token.length).toBeGreaterThan(20)
    expect(signing_secret).toMatch(/^whsec_.{44}$/)
    const secrets = {
      ...canary,
      signing: signing_secret.slice(6),
      password: server.admin.password,
      key: server.key.slice(-43),
      token,
    }
    for (const [name, secret] of Object.entries(secrets))
      for (const [where, text] of Object.entries({ log: server.log(), answers: seen, bundles }))
        expect({ name, where, isFound: text.includes(secret) }).toEqual({ name, where, isFound: false })
    // The database and the server's name would be there if the search looked in the wrong place.
    expect(seen).toContain(server.admin.email)
  })
})
