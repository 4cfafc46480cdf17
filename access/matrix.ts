import type { Permission } from "@/access/permissions"

/**
 * Every route of the API with what it needs: the specification that `server/access-matrix.http.test.ts` plays with each role, in the own and
 * in a foreign project. A route that is missing here, or has another method, fails `matrix.test.ts`.
 */
export type Need =
  /** Anybody: log-in, set-up, descriptions. */
  | "nothing"
  /** A key with the scope `ingest`. */
  | "ingest"
  /** A key with the scope `directives`. */
  | "directives"
  /** A person who may see runs; a key with the scope `read` or `directives`. */
  | "gate"
  /** A person, whatever his projects. */
  | "session"
  /** An administrator, without a project. */
  | "admin"
  /** A person's or read key's permission in the project of `?project=`. */
  | Permission
  /** The same in the project that the path names; people only. */
  | { inPath: Permission }

export type RouteRule = {
  method: "GET" | "POST" | "PATCH" | "DELETE"
  path: string
  need: Need
  /** Sent with a mutation; chosen so that a caller who may act changes nothing that others rely on. */
  body?: unknown
  /** What a caller gets who may act. */
  answer: number
  /** Stands in for path parameters: `fixture` names what the test has made in each project, a literal starts with `=`. */
  params?: Record<string, string>
}

export const MATRIX: readonly RouteRule[] = [
  { method: "POST", path: "/api/auth/login", need: "nothing", body: {}, answer: 400 },
  { method: "POST", path: "/api/auth/setup", need: "nothing", body: {}, answer: 400 },
  { method: "POST", path: "/api/auth/logout", need: "session", answer: 204 },
  { method: "POST", path: "/api/auth/password", need: "session", body: {}, answer: 400 },
  { method: "GET", path: "/api/auth/sessions", need: "session", answer: 200 },
  { method: "DELETE", path: "/api/auth/sessions/[id]", need: "session", answer: 404, params: { id: "=none" } },

  { method: "GET", path: "/api/v1/me", need: "session", answer: 200 },
  { method: "GET", path: "/api/v1/projects", need: "session", answer: 200 },
  { method: "POST", path: "/api/v1/projects", need: "admin", body: {}, answer: 400 },
  {
    method: "PATCH",
    path: "/api/v1/projects/[slug]",
    need: { inPath: "project.manage" },
    body: {},
    answer: 200,
    params: { slug: "project" },
  },
  { method: "GET", path: "/api/v1/members", need: "members.manage", answer: 200 },
  { method: "POST", path: "/api/v1/members", need: "members.manage", body: {}, answer: 400 },
  {
    method: "PATCH",
    path: "/api/v1/members/[id]",
    need: "members.manage",
    body: {},
    answer: 200,
    params: { id: "member" },
  },
  { method: "DELETE", path: "/api/v1/members/[id]", need: "members.manage", answer: 404, params: { id: "=none" } },
  {
    method: "DELETE",
    path: "/api/v1/members/[id]/sessions",
    need: "members.manage",
    answer: 204,
    params: { id: "member" },
  },
  { method: "GET", path: "/api/v1/keys", need: "keys.manage", answer: 200 },
  { method: "POST", path: "/api/v1/keys", need: "keys.manage", body: {}, answer: 400 },
  { method: "DELETE", path: "/api/v1/keys/[id]", need: "keys.manage", answer: 200, params: { id: "spentKey" } },
  {
    method: "POST",
    path: "/api/v1/keys/[id]/rotate",
    need: "keys.manage",
    body: {},
    answer: 409,
    params: { id: "spentKey" },
  },
  { method: "GET", path: "/api/v1/audit", need: "audit.read", answer: 200 },
  { method: "GET", path: "/api/v1/prices", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/prices/unpriced", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/policies", need: "runs.read", answer: 200 },
  { method: "POST", path: "/api/v1/policies", need: "policies.manage", body: {}, answer: 400 },
  { method: "POST", path: "/api/v1/policies/approvals", need: "policies.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/policies/versions", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/policies/schema", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/policies/backtest", need: "runs.read", answer: 200 },
  { method: "POST", path: "/api/v1/policies/backtest", need: "policies.manage", body: {}, answer: 400 },
  { method: "DELETE", path: "/api/v1/policies/backtest", need: "policies.manage", answer: 409 },
  { method: "POST", path: "/api/v1/prices", need: "prices.manage", body: {}, answer: 400 },
  { method: "POST", path: "/api/v1/prices/import", need: "prices.import", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/prices/discounts", need: "spend.read", answer: 200 },
  { method: "POST", path: "/api/v1/prices/discounts", need: "prices.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/periods", need: "spend.read", answer: 200 },
  { method: "POST", path: "/api/v1/periods", need: "periods.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/periods/[month]", need: "spend.read", answer: 200, params: { month: "=2026-10" } },
  { method: "GET", path: "/api/v1/prices/repricings", need: "spend.read", answer: 200 },
  { method: "POST", path: "/api/v1/prices/repricings", need: "prices.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/prices/repricings/[id]", need: "spend.read", answer: 404, params: { id: "=999999" } },
  {
    method: "POST",
    path: "/api/v1/prices/repricings/[id]/[act]",
    need: "prices.manage",
    body: { reason: "a test" },
    answer: 404,
    params: { id: "=999999", act: "=undo" },
  },
  { method: "GET", path: "/api/v1/remappings", need: "spend.read", answer: 200 },
  { method: "POST", path: "/api/v1/remappings", need: "mapping.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/remappings/[id]", need: "spend.read", answer: 404, params: { id: "=999999" } },
  {
    method: "POST",
    path: "/api/v1/remappings/[id]/[act]",
    need: "mapping.manage",
    body: { reason: "a test" },
    answer: 404,
    params: { id: "=999999", act: "=undo" },
  },
  { method: "GET", path: "/api/v1/budgets", need: "spend.read", answer: 200 },
  { method: "POST", path: "/api/v1/budgets", need: "budgets.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/budgets/[id]", need: "spend.read", answer: 404, params: { id: "=999999" } },
  {
    method: "PATCH",
    path: "/api/v1/budgets/[id]",
    need: "budgets.manage",
    body: { version: 1, reason: "a test" },
    answer: 404,
    params: { id: "=999999" },
  },
  { method: "GET", path: "/api/v1/alerts/channels", need: "alerts.manage", answer: 200 },
  { method: "POST", path: "/api/v1/alerts/channels", need: "alerts.manage", body: {}, answer: 400 },
  {
    method: "PATCH",
    path: "/api/v1/alerts/channels/[id]",
    need: "alerts.manage",
    body: { version: 1 },
    answer: 404,
    params: { id: "=999999" },
  },
  {
    method: "DELETE",
    path: "/api/v1/alerts/channels/[id]",
    need: "alerts.manage",
    answer: 400,
    params: { id: "=999999" },
  },
  {
    method: "POST",
    path: "/api/v1/alerts/channels/[id]/test",
    need: "alerts.manage",
    answer: 404,
    params: { id: "=999999" },
  },
  { method: "GET", path: "/api/v1/alerts/deliveries", need: "alerts.manage", answer: 200 },
  {
    method: "POST",
    path: "/api/v1/alerts/deliveries/[id]/retry",
    need: "alerts.manage",
    answer: 404,
    params: { id: "=0" },
  },
  { method: "GET", path: "/api/v1/alerts/health", need: "runs.read", answer: 200 },
  { method: "PATCH", path: "/api/v1/alerts/settings", need: "alerts.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/ledger", need: "spend.read", answer: 200 },
  { method: "POST", path: "/api/v1/ledger/check", need: "project.manage", body: {}, answer: 400 },
  { method: "GET", path: "/api/v1/demo", need: "admin", answer: 200 },
  { method: "POST", path: "/api/v1/demo", need: "admin", body: {}, answer: 400 },
  { method: "DELETE", path: "/api/v1/demo", need: "admin", answer: 200 },
  { method: "DELETE", path: "/api/v1/demo/[slug]", need: "admin", answer: 404, params: { slug: "=none" } },

  { method: "POST", path: "/api/v1/events", need: "ingest", body: { events: [] }, answer: 200 },
  { method: "POST", path: "/api/public/ingestion", need: "ingest", body: { batch: [] }, answer: 207 },
  { method: "POST", path: "/api/public/scores", need: "ingest", body: {}, answer: 400 },
  { method: "GET", path: "/api/public/projects", need: "ingest", answer: 200 },
  { method: "GET", path: "/api/public/health", need: "nothing", answer: 200 },
  { method: "POST", path: "/api/public/otel/v1/traces", need: "ingest", body: {}, answer: 200 },
  { method: "POST", path: "/api/public/otel/v1/logs", need: "ingest", body: {}, answer: 200 },
  { method: "POST", path: "/api/public/otel/v1/metrics", need: "ingest", body: {}, answer: 200 },
  { method: "GET", path: "/api/v1/spend", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/spend/csv", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/spend/runs", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/spans", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/spans/[span]", need: "spend.read", answer: 200, params: { span: "costSpan" } },
  { method: "GET", path: "/api/v1/quality", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/quality/sources", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/export", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/reports/month", need: "spend.read", answer: 200 },
  { method: "GET", path: "/api/v1/runs", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/runs/[id]", need: "runs.read", answer: 200, params: { id: "run" } },
  { method: "GET", path: "/api/v1/runs/[id]/baseline", need: "runs.read", answer: 200, params: { id: "run" } },
  { method: "GET", path: "/api/v1/runs/[id]/acts", need: "runs.read", answer: 200, params: { id: "run" } },
  {
    method: "POST",
    path: "/api/v1/runs/[id]/acts",
    need: "runs.release",
    // Not held back, so nothing to release.
    body: { act: "release", reason: "a test", version: 0 },
    answer: 409,
    params: { id: "run" },
  },
  { method: "GET", path: "/api/v1/runs/[id]/gate", need: "gate", answer: 409, params: { id: "run" } },
  { method: "GET", path: "/api/v1/workflows", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/workflows/[name]/acts", need: "runs.read", answer: 200, params: { name: "=w" } },
  {
    method: "POST",
    path: "/api/v1/workflows/[name]/acts",
    need: "runs.release",
    body: { act: "resume", reason: "a test", version: 0 },
    answer: 404,
    params: { name: "=none" },
  },
  { method: "GET", path: "/api/v1/workflows/[name]/gate", need: "gate", answer: 200, params: { name: "=none" } },
  { method: "GET", path: "/api/v1/directives", need: "directives", answer: 200 },
  {
    method: "POST",
    path: "/api/v1/directives/[id]/[act]",
    need: "directives",
    body: { lease_token: "00000000-0000-4000-8000-000000000000" },
    answer: 404,
    params: { id: "=0", act: "=ack" },
  },
  { method: "GET", path: "/api/v1/runs/[id]/spans", need: "runs.read", answer: 200, params: { id: "run" } },
  {
    method: "GET",
    path: "/api/v1/runs/[id]/spans/[span]",
    need: "runs.read",
    answer: 200,
    params: { id: "run", span: "span" },
  },
  {
    method: "GET",
    path: "/api/v1/runs/[id]/spans/[span]/events",
    need: "runs.read",
    answer: 200,
    params: { id: "run", span: "span" },
  },
  { method: "GET", path: "/api/v1/compare", need: "runs.read", answer: 400 },
  { method: "GET", path: "/api/v1/facets", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/halts", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/exceptions", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/exceptions/numbers", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/exceptions/assignees", need: "exceptions.act", answer: 200 },
  {
    method: "POST",
    path: "/api/v1/exceptions/acts",
    need: "exceptions.act",
    body: { act: "acknowledge", items: [{ id: "0", version: 1 }] },
    answer: 200,
  },
  { method: "GET", path: "/api/v1/exceptions/[id]", need: "runs.read", answer: 404, params: { id: "=0" } },
  { method: "GET", path: "/api/v1/exceptions/[id]/runs", need: "runs.read", answer: 404, params: { id: "=0" } },
  { method: "GET", path: "/api/v1/exceptions/[id]/told", need: "runs.read", answer: 200, params: { id: "=0" } },
  {
    method: "POST",
    path: "/api/v1/exceptions/[id]/suppress",
    need: "exceptions.suppress",
    body: { version: 1, until: "2026-01-01T00:00:00Z", note: "a test" },
    answer: 404,
    params: { id: "=0" },
  },
  {
    method: "POST",
    path: "/api/v1/exceptions/[id]/[act]",
    need: "exceptions.act",
    body: { version: 1 },
    answer: 404,
    params: { id: "=0", act: "=acknowledge" },
  },
  { method: "GET", path: "/api/v1/health", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/board", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/verifications", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/verifications/series", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/verifications/releases", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/verifications/failures", need: "runs.read", answer: 200 },
  {
    method: "GET",
    path: "/api/v1/verifications/failures/[fingerprint]",
    need: "runs.read",
    answer: 200,
    params: { fingerprint: "=none" },
  },
  {
    method: "GET",
    path: "/api/v1/verifications/results/[id]",
    need: "runs.read",
    answer: 404,
    params: { id: "=none" },
  },
  { method: "GET", path: "/api/v1/search", need: "runs.read", answer: 200 },
  { method: "GET", path: "/api/v1/views", need: "views.save", answer: 200 },
  { method: "POST", path: "/api/v1/views", need: "views.save", body: {}, answer: 400 },
  {
    method: "PATCH",
    path: "/api/v1/views/[id]",
    need: "views.save",
    body: {},
    answer: 404,
    params: { id: "=999999" },
  },
  { method: "DELETE", path: "/api/v1/views/[id]", need: "views.save", answer: 404, params: { id: "=999999" } },
  { method: "GET", path: "/api/v1/dead-letters", need: "dead_letters.read", answer: 200 },
  {
    method: "GET",
    path: "/api/v1/dead-letters/[id]",
    need: "dead_letters.read",
    answer: 200,
    params: { id: "deadLetter" },
  },
  {
    method: "POST",
    path: "/api/v1/dead-letters/[id]/replay",
    need: "dead_letters.replay",
    answer: 200,
    params: { id: "deadLetter" },
  },
  { method: "GET", path: "/api/v1/openapi.json", need: "spend.read", answer: 200 },
]

/** Answered by the server in front, not by a route file. */
export const FRONT: readonly RouteRule[] = [
  { method: "GET", path: "/api/v1/live", need: "runs.read", answer: 200 },
  { method: "POST", path: "/v1/traces", need: "ingest", body: {}, answer: 200 },
  { method: "POST", path: "/v1/logs", need: "ingest", body: {}, answer: 200 },
  { method: "POST", path: "/v1/metrics", need: "ingest", body: {}, answer: 200 },
]

/** Answers the same to every method and path: it is no door. */
export const CATCH_ALL = "/api/[...path]"

/** Pages: what a person needs to see them. Without a session they lead to the log-in. */
export const PAGES: readonly { path: string; need: Permission }[] = [
  { path: "/", need: "runs.read" },
  { path: "/spend", need: "spend.read" },
  { path: "/runs", need: "runs.read" },
  { path: "/runs/compare", need: "runs.read" },
  { path: "/halted", need: "runs.read" },
  { path: "/verifications", need: "runs.read" },
  { path: "/reports", need: "spend.read" },
  { path: "/verifications/results", need: "runs.read" },
]

const PATTERNS = [...MATRIX, ...FRONT].map(({ path, method }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\[[^\]]+\]/g, "[^/]+")}/?$`),
}))

/** The methods that an address of the API knows (HEAD with GET; OPTIONS always); null when it is none of ours. */
export function methodsOf(path: string): string[] | null {
  const methods = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
  if (methods.length === 0) return null
  return [...new Set([...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"])].sort()
}
