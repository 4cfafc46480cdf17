import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { getJson, inProject, sendJson } from "@/components/data/http"
import type { Backtest, Policy, PolicyList, PolicyVersions } from "@/lib/contracts/policies"

const POLICIES = "/api/v1/policies"

export const policiesQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["policies", "list", project],
    queryFn: ({ signal }) => getJson<PolicyList>(inProject(POLICIES, project), signal),
  })

export const policyVersionsQuery = (project: string | null, workflow: string) =>
  infiniteQueryOptions({
    queryKey: ["policies", "versions", project, workflow],
    queryFn: ({ signal, pageParam }) =>
      getJson<PolicyVersions>(
        inProject(`${POLICIES}/versions`, project, {
          ...(workflow === "" ? {} : { workflow }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  })

const WHILE_RUNNING_MS = 700
export const backtestQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["policies", "backtest", project],
    queryFn: ({ signal }) => getJson<Backtest>(inProject(`${POLICIES}/backtest`, project), signal),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? WHILE_RUNNING_MS : false),
  })
export type BacktestDraft = { workflow: string; document: unknown; from: string; to: string }
export const beginBacktest = (project: string | null, draft: BacktestDraft) =>
  sendJson<Backtest>("POST", inProject(`${POLICIES}/backtest`, project), draft)
export const cancelBacktest = (project: string | null) =>
  sendJson<Backtest>("DELETE", inProject(`${POLICIES}/backtest`, project))

/** The document as a person wrote it: the server says what is wrong with it. */
export type PolicyDraft = { workflow: string; document: unknown; base_version: number; reason: string }
export const savePolicy = (project: string | null, draft: PolicyDraft) =>
  sendJson<Policy>("POST", inProject(POLICIES, project), draft)
export const approvePolicy = (
  project: string | null,
  approval: { workflow: string; version: number; reason: string },
) => sendJson<Policy>("POST", inProject(`${POLICIES}/approvals`, project), approval)
