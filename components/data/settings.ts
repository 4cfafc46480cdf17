import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson, withQuery } from "@/components/data/http"
import type { AuditList, Key, KeyList, Member, MemberList, NewKey, Project, SessionList } from "@/lib/contracts/access"
import type { DeadLetterList } from "@/lib/contracts/read"
import type { DemoState, Job, LedgerHealth, PriceList, UnpricedModels } from "@/lib/contracts/settings"
import { type Filters, filterKey, toQuery } from "@/lib/filters"
import type { KeyScope, Role } from "@/lib/vocabulary"

const item = (path: string, id: string | number) => `${path}/${encodeURIComponent(id)}`

const KEYS = "/api/v1/keys"
export const keysQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "keys", project],
    queryFn: ({ signal }) => getJson<KeyList>(inProject(KEYS, project), signal),
  })
export type KeyDraft = { name: string; scopes: KeyScope[]; environment?: string | null; expires_in_days?: number }
/** The answer holds the whole key, once. */
export const createKey = (project: string | null, draft: KeyDraft) =>
  sendJson<NewKey>("POST", inProject(KEYS, project), draft)
export const rotateKey = (project: string | null, id: number) =>
  sendJson<NewKey>("POST", inProject(`${item(KEYS, id)}/rotate`, project), {})
export const revokeKey = (project: string | null, id: number) =>
  sendJson<Key>("DELETE", inProject(item(KEYS, id), project))

const MEMBERS = "/api/v1/members"
export const membersQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "members", project],
    queryFn: ({ signal }) => getJson<MemberList>(inProject(MEMBERS, project), signal),
  })
export type MemberDraft = { email: string; name: string; role: Role; password?: string }
export const addMember = (project: string | null, draft: MemberDraft) =>
  sendJson<Member>("POST", inProject(MEMBERS, project), draft)
export const changeMember = (project: string | null, id: string, change: { role?: Role; is_disabled?: boolean }) =>
  sendJson<Member>("PATCH", inProject(item(MEMBERS, id), project), change)
export const removeMember = (project: string | null, id: string) =>
  sendJson<null>("DELETE", inProject(item(MEMBERS, id), project))

export const changeProject = (
  slug: string,
  change: { name?: string; zone?: string; prefers_reported_cost?: boolean },
) => sendJson<Project>("PATCH", item("/api/v1/projects", slug), change)
export const createProject = (draft: { name: string; zone: string }) =>
  sendJson<Project>("POST", "/api/v1/projects", draft)

/** What ingest refused or found contradicting, the latest first; of one reason, door or key where the filters name it. */
export const deadLettersQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["settings", "dead-letters", filterKey({ ...filters, cursor: null })],
    queryFn: ({ signal, pageParam }) =>
      getJson<DeadLetterList>(withQuery("/api/v1/dead-letters", toQuery({ ...filters, cursor: pageParam })), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })
export const replayDeadLetter = (project: string | null, id: string) =>
  sendJson<unknown>("POST", inProject(`${item("/api/v1/dead-letters", id)}/replay`, project))

export const auditQuery = (project: string | null) =>
  infiniteQueryOptions({
    queryKey: ["settings", "audit", project],
    queryFn: ({ signal, pageParam }) =>
      getJson<AuditList>(inProject("/api/v1/audit", project, pageParam === null ? {} : { cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })

export const sessionsQuery = () =>
  queryOptions({
    queryKey: ["settings", "sessions"],
    queryFn: ({ signal }) => getJson<SessionList>("/api/auth/sessions", signal),
  })
export const endSession = (id: string) => sendJson<null>("DELETE", item("/api/auth/sessions", id))
export const changePassword = (draft: { current_password: string; new_password: string }) =>
  sendJson<null>("POST", "/api/auth/password", draft)

/** The price book in force; `q` narrows it to names that hold the text. */
export const pricesQuery = (project: string | null, q: string | null) =>
  infiniteQueryOptions({
    queryKey: ["settings", "prices", project, q],
    queryFn: ({ signal, pageParam }) =>
      getJson<PriceList>(
        inProject("/api/v1/prices", project, {
          limit: String(PRICES_A_PAGE),
          ...(q === null ? {} : { q }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  })
export const PRICES_A_PAGE = 50

/** How far back calls without a price are listed. */
export const UNPRICED_LAST = "90d"
export const unpricedQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "unpriced", project],
    queryFn: ({ signal }) =>
      getJson<UnpricedModels>(inProject("/api/v1/prices/unpriced", project, { last: UNPRICED_LAST }), signal),
  })

const WHILE_RUNNING_MS = 1000
const pace = (job: Job | null | undefined) => (job?.state === "running" ? WHILE_RUNNING_MS : false)

export const ledgerQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "ledger", project],
    queryFn: ({ signal }) => getJson<LedgerHealth>(inProject("/api/v1/ledger", project), signal),
    refetchInterval: ({ state }) => pace(state.data?.check.job),
  })
export const checkLedger = (project: string | null, withEvents: boolean) =>
  sendJson<Job>("POST", inProject("/api/v1/ledger/check", project), { with_events: withEvents })

const DEMO = "/api/v1/demo"
export const demoQuery = () =>
  queryOptions({
    queryKey: ["settings", "demo"],
    queryFn: ({ signal }) => getJson<DemoState>(DEMO, signal),
    refetchInterval: ({ state }) => pace(state.data?.job),
  })
export const makeDemo = (scale: number) => sendJson<DemoState>("POST", DEMO, { scale })
export const cancelDemo = () => sendJson<DemoState>("DELETE", DEMO)
export const removeDemo = (slug: string) => sendJson<DemoState>("DELETE", item(DEMO, slug))
