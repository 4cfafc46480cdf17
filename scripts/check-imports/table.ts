/**
 * Where code may live and what it may import, as data. The first row whose `path` matches a file holds for it; `may` lists
 * path prefixes of ours, its own folder not among them unless named. Packages are free, but for `SQL_FILES` and `CLIENT_NEVER`.
 */
export type Row = { path: RegExp; may: string[] }

const DOMAIN = ["access/", "ingest/", "policy/", "reports/"]

export const LAYERS: Row[] = [
  { path: /^lib\//, may: ["lib/"] },
  { path: /^clients\//, may: ["clients/"] },
  { path: /^db\//, may: ["db/", "lib/"] },
  { path: /^access\//, may: ["access/", "db/", "lib/"] },
  // A halt raises its exception in the transaction that stores it: ingest asks the policy, never the other way.
  { path: /^ingest\//, may: ["ingest/", "policy/", "db/", "lib/"] },
  { path: /^policy\//, may: ["policy/", "db/", "lib/"] },
  { path: /^reports\//, may: ["reports/", "db/", "lib/"] },
  { path: /^components\/ui\//, may: ["components/ui/", "lib/"] },
  { path: /^components\/charts\//, may: ["components/charts/", "components/ui/", "lib/"] },
  { path: /^components\/data\//, may: ["components/data/", "lib/"] },
  {
    path: /^components\/frame\//,
    may: ["components/frame/", "components/ui/", "components/charts/", "components/data/", "lib/"],
  },
  // `$own` is the noun's own folder: nouns meet in a page, not in each other.
  {
    path: /^components\/[^/]+\//,
    may: ["$own", "components/frame/", "components/ui/", "components/charts/", "components/data/", "lib/"],
  },
  // Routes share adapters among themselves (`app/api/**/_lib`), which a page never sees.
  { path: /^app\/(api\/|.*route\.tsx?$)/, may: ["app/api/", ...DOMAIN, "db/", "lib/"] },
  { path: /^app\//, may: ["app/", "components/", "db/queries/", "db/client", "db/scope", "access/", "lib/"] },
  { path: /^server\//, may: ["server/", "access/", "ingest/", "policy/", "db/", "lib/"] },
  { path: /^(scripts|bench)\//, may: ["scripts/", "bench/", "clients/", ...DOMAIN, "db/", "lib/"] },
  { path: /^e2e\//, may: ["e2e/", "scripts/", "lib/"] },
]

/** Tests, and the factories that they share, may reach across; nothing else may reach them. */
export const TESTING = /(\.test\.tsx?|\.spec\.ts|\/testing[^/]*\.ts|\/fixtures\/.*)$/

/** Programs that play a test on a whole server, and so use the tests' factories. */
export const USES_TESTING = /^(scripts\/factory|scripts\/faults|scripts\/screenshots|bench|e2e)\//

/** Raw SQL and the driver belong to these; everybody else asks `db/queries`. */
export const SQL_FILES = [/^db\//, /^ingest\/writer/, /^policy\/apply/, /^reports\//, /^(scripts|bench|e2e)\//]

/** What must never reach the browser, by path or by package. Types may. */
export const CLIENT_NEVER = {
  paths: ["db/", "ingest/", "policy/", "reports/", "access/", "server/"],
  // Of Next's links one import would load three kilobytes on every page: `components/ui/link` is ours.
  packages: ["zod", "postgres", "drizzle-orm", "better-auth", "next/link"],
  /** Made for the browser, though of a forbidden package. */
  except: ["better-auth/react", "better-auth/client"],
}
