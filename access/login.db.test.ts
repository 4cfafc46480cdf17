import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import type { ProjectActor } from "@/access/actor"
import { configureAccess, readAccessConfig } from "@/access/config"
import { changePassword, login, logout } from "@/access/login"
import { addMember, endMemberSessions, updateMember } from "@/access/members"
import { currentUser } from "@/access/session"
import { endSession, listSessions } from "@/access/sessions"
import {
  ADMIN,
  cookieHeaders,
  installForTest,
  logInForTest,
  ORIGIN,
  openTestInstallation,
  type TestInstallation,
} from "@/access/testing"
import { AppError } from "@/lib/errors"

const GRACE = { email: "grace@example.com", name: "Grace", password: "four small copper kettles" }
let place: TestInstallation
let admin: ProjectActor
let graceId: string
beforeAll(async () => {
  place = await openTestInstallation()
  admin = (await installForTest()).admin
  graceId = (await addMember(admin, { ...GRACE, role: "viewer" }, ORIGIN)).id
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => place.close())
beforeEach(async () => {
  await place.owner`truncate login_attempts`
})

/** How long a password takes to hash is no part of a wait. */
const stopClock = () => vi.spyOn(Date, "now").mockReturnValue(Date.now())

const attempt = async (email: string, password: string, remoteIp: string | null = "192.0.2.7") => {
  try {
    await login({ email, password }, new Headers(), { requestId: "attempt", remoteIp })
    return { code: "done", text: "", wait: undefined }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, text: error.message, wait: error.retryAfterSeconds }
  }
}

describe("A3 cookie", () => {
  it("on this machine's http: HttpOnly, SameSite=Lax, Path=/, no Domain, as long as the session lives", async () => {
    const [line, ...others] = await login(GRACE, new Headers(), ORIGIN)
    expect(others).toEqual([])
    expect(line).toMatch(/^andon\.session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  it("over https: __Host- prefix and Secure", async () => {
    const before = readAccessConfig({ ANDON_DATA_DIR: place.dataDir, ANDON_URL: "http://127.0.0.1:4110" })
    configureAccess(readAccessConfig({ ANDON_DATA_DIR: place.dataDir, ANDON_URL: "https://andon.example" }))
    try {
      const [line] = await login(GRACE, new Headers(), ORIGIN)
      expect(line).toMatch(/^__Host-andon\.session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
      expect(await currentUser(cookieHeaders([line ?? ""]))).toMatchObject({ email: GRACE.email })
    } finally {
      configureAccess(before)
    }
  })
})

describe("A4, B59 sessions", () => {
  it("makes a new token at log-in and ends the one that the browser brought", async () => {
    const first = cookieHeaders(await login(GRACE, new Headers(), ORIGIN))
    const second = cookieHeaders(await login(GRACE, first, ORIGIN))
    expect(second.get("cookie")).not.toBe(first.get("cookie"))
    expect(await currentUser(first)).toBeNull()
    expect(await currentUser(second)).toMatchObject({ userId: graceId })
  })

  it("takes no cookie that it did not sign, and none that was changed", async () => {
    const { headers } = await logInForTest(GRACE.email, GRACE.password)
    const cookie = headers.get("cookie") ?? ""
    const [name, value] = cookie.split("=") as [string, string]
    const token = decodeURIComponent(value).split(".")[0]
    for (const forged of [
      "",
      "x",
      `${token}`,
      `${token}.`,
      `${token}.AAAA`,
      `x${value}`,
      `${value}x`,
      "%",
      `${token}.${Buffer.alloc(32).toString("base64")}`,
    ])
      expect(await currentUser(new Headers({ cookie: `${name}=${forged}` }))).toBeNull()
    expect(await currentUser(new Headers({ cookie: `a=b; ${cookie}; c=d` }))).not.toBeNull()
  })

  it.each([
    ["log-out", async (headers: Headers) => logout((await currentUser(headers))!, headers, ORIGIN)],
    ["another role", async () => updateMember(admin, graceId, { role: "operator" }, ORIGIN)],
    ["disabling", async () => updateMember(admin, graceId, { is_disabled: true }, ORIGIN)],
    [
      "a new password by the administrator",
      async () => updateMember(admin, graceId, { password: GRACE.password }, ORIGIN),
    ],
    ["log-out everywhere", async () => endMemberSessions(admin, graceId, ORIGIN)],
  ])("%s ends the session at once", async (_, act) => {
    await updateMember(admin, graceId, { is_disabled: false, role: "viewer" }, ORIGIN)
    const { headers } = await logInForTest(GRACE.email, GRACE.password)
    const now = Date.now()
    expect(await currentUser(headers, now)).not.toBeNull()
    await act(headers)
    expect(await currentUser(headers, now)).toBeNull()
    await updateMember(admin, graceId, { is_disabled: false, role: "viewer" }, ORIGIN)
  })

  it("changing the password ends every session but gives this browser a new one", async () => {
    const here = await logInForTest(GRACE.email, GRACE.password)
    const there = await logInForTest(GRACE.email, GRACE.password)
    const next = "seven tall green bottles"
    const lines = await changePassword(
      here.actor,
      { current_password: GRACE.password, new_password: next },
      here.headers,
      ORIGIN,
    )
    expect(await currentUser(here.headers)).toBeNull()
    expect(await currentUser(there.headers)).toBeNull()
    expect(await currentUser(cookieHeaders(lines))).toMatchObject({ userId: graceId })
    expect((await attempt(GRACE.email, GRACE.password)).code).toBe("unauthenticated")
    const again = await logInForTest(GRACE.email, next)
    const wrong = { current_password: "not the password at all", new_password: "another good long sentence" }
    await expect(changePassword(again.actor, wrong, again.headers, ORIGIN)).rejects.toMatchObject({
      code: "invalid_input",
      field: "current_password",
    })
    await changePassword(again.actor, { current_password: next, new_password: GRACE.password }, again.headers, ORIGIN)
  })

  it("lists own sessions without tokens, and ends one; somebody else's is not found", async () => {
    const here = await logInForTest(GRACE.email, GRACE.password)
    const there = await logInForTest(GRACE.email, GRACE.password)
    const { items } = await listSessions(here.actor)
    expect(items.filter((item) => item.is_current).map((item) => item.id)).toEqual([here.actor.sessionId])
    expect(items.map((item) => item.id)).toContain(there.actor.sessionId)
    expect(items[0]).toMatchObject({ ip: "192.0.2.1" })
    const [{ token }] =
      (await place.owner`select token from sessions where id = ${here.actor.sessionId}`) as unknown as [
        { token: string },
      ]
    expect(JSON.stringify(items)).not.toContain(token)
    await endSession(here.actor, there.actor.sessionId, ORIGIN)
    expect(await currentUser(there.headers)).toBeNull()
    const root = await logInForTest(ADMIN.email, ADMIN.password)
    await expect(endSession(here.actor, root.actor.sessionId, ORIGIN)).rejects.toMatchObject({ code: "not_found" })
    expect(await currentUser(root.headers)).not.toBeNull()
  })

  it("ends after 12 idle hours; after 7 days for viewers and operators, 8 hours for finance and administrators", async () => {
    const now = Date.now()
    const hours = (count: number) => now + count * 3_600_000
    const touched = async (sessionId: string, at: number) =>
      await place.owner`update sessions set updated_at = ${new Date(at)} where id = ${sessionId}`
    const grace = await logInForTest(GRACE.email, GRACE.password)
    expect(await currentUser(grace.headers, hours(11.9))).not.toBeNull()
    expect(await currentUser(grace.headers, hours(24.1))).toBeNull()
    await touched(grace.actor.sessionId, hours(7 * 24 - 1))
    expect(await currentUser(grace.headers, hours(7 * 24 - 0.5))).not.toBeNull()
    expect(await currentUser(grace.headers, hours(7 * 24 + 0.1))).toBeNull()
    const root = await logInForTest(ADMIN.email, ADMIN.password)
    expect(await currentUser(root.headers, hours(7.9))).not.toBeNull()
    expect(await currentUser(root.headers, hours(8.1))).toBeNull()
    await updateMember(admin, graceId, { role: "finance" }, ORIGIN)
    const finance = await logInForTest(GRACE.email, GRACE.password)
    expect(await currentUser(finance.headers, hours(8.1))).toBeNull()
    await updateMember(admin, graceId, { role: "viewer" }, ORIGIN)
  })
})

describe("B60 guessing", () => {
  it("says the same for a wrong password, an unknown person and a disabled one", async () => {
    await updateMember(admin, graceId, { is_disabled: true }, ORIGIN)
    const answers = [
      await attempt(ADMIN.email, "wrong wrong wrong"),
      await attempt("nobody@example.com", "wrong wrong wrong"),
      await attempt(GRACE.email, GRACE.password),
    ]
    await updateMember(admin, graceId, { is_disabled: false }, ORIGIN)
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ code: "unauthenticated", text: "E-mail or password is wrong." })]),
    )
  })

  it("does a hash of work for an unknown person too", async () => {
    const time = async (email: string) => {
      const from = performance.now()
      expect(await attempt(email, "wrong wrong wrong")).toMatchObject({ code: "unauthenticated" })
      return performance.now() - from
    }
    // What a machine does beside only adds to a time: the shortest of each says what the work is.
    const [known, unknown]: [number[], number[]] = [[], []]
    for (let i = 0; i < 4; i++) {
      known.push(await time(ADMIN.email))
      unknown.push(await time("nobody@example.com"))
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) * 0.4)
  })

  it("after 5 failures makes an account wait, longer each time, at most 15 minutes; a good log-in after the wait clears it", async () => {
    stopClock()
    for (let i = 0; i < 5; i++) expect((await attempt(GRACE.email, "wrong wrong wrong")).code).toBe("unauthenticated")
    expect(await attempt(GRACE.email, GRACE.password)).toMatchObject({ code: "too_many_attempts", wait: 1 })
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      await place.owner`update login_attempts set blocked_until = null, failures = case when subject like 'ip:%' then 0 else failures end`
      await attempt(GRACE.email, "wrong wrong wrong")
      const blocked = await attempt(GRACE.email, GRACE.password)
      waits.push(blocked.wait ?? 0)
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900])
    vi.restoreAllMocks()
    await place.owner`update login_attempts set blocked_until = now() - interval '1 second', failures = case when subject like 'ip:%' then 0 else failures end`
    expect((await attempt(GRACE.email, GRACE.password)).code).toBe("done")
    expect((await attempt(GRACE.email, "wrong wrong wrong")).code).toBe("unauthenticated")
    expect((await attempt(GRACE.email, GRACE.password)).code).toBe("done")
  })

  it("of 30 guesses at once at one account judges 5", async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => attempt(GRACE.email, `wrong wrong wrong ${i}`, `192.0.2.${i}`)),
    )
    expect(answers.filter((answer) => answer.code === "unauthenticated")).toHaveLength(5)
    expect(answers.filter((answer) => answer.code === "too_many_attempts")).toHaveLength(25)
  })

  it("answers 429 with a wait after 20 attempts a minute from one address, and others go on", async () => {
    stopClock()
    for (let i = 0; i < 20; i++) await attempt(`nobody${i}@example.com`, "wrong wrong wrong")
    expect(await attempt(GRACE.email, GRACE.password)).toMatchObject({ code: "too_many_attempts", wait: 60 })
    expect((await attempt(GRACE.email, GRACE.password, "192.0.2.8")).code).toBe("done")
  })

  it("raises one alarm when more than 50 fail within 10 minutes", async () => {
    vi.spyOn(process.stderr, "write").mockReturnValue(true)
    await place.owner`insert into login_attempts values ('installation', 49, now(), null)`
    const alarms = async () => (await place.owner`select 1 from audit_log where action = 'login.alarm'`).length
    await attempt("a@example.com", "wrong wrong wrong")
    expect(await alarms()).toBe(0)
    await attempt("b@example.com", "wrong wrong wrong")
    await attempt("c@example.com", "wrong wrong wrong")
    expect(await alarms()).toBe(1)
  })

  it("writes good and failed log-ins to the audit log, without passwords", async () => {
    await attempt("eve@example.com", "wrong wrong wrong")
    await attempt(GRACE.email, GRACE.password)
    const rows = await place.owner`select action, actor, ip::text, request_id from audit_log order by id desc limit 2`
    expect(rows).toEqual([
      { action: "login.succeeded", actor: "user:grace@example.com", ip: "192.0.2.7", request_id: "attempt" },
      { action: "login.failed", actor: "user:eve@example.com", ip: "192.0.2.7", request_id: "attempt" },
    ])
    expect(JSON.stringify(await place.owner`select * from audit_log`)).not.toContain("wrong wrong")
  })
})
