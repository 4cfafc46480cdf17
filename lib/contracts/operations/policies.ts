import type { Operation } from "./operation"

export const POLICIES: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/policies",
    summary: "What each workflow is allowed, and the project where it says nothing of its own (under an empty name).",
    scope: "read",
    answer: "PolicyList",
  },
  {
    method: "post",
    path: "/api/v1/policies",
    summary:
      "Save a version; it holds for runs that begin from now on. 409 when somebody saved first: `current` is what is there now.",
    scope: null,
    body: "PolicyInput",
    answer: "Policy",
    status: 201,
  },
  {
    method: "post",
    path: "/api/v1/policies/approvals",
    summary: "Put a second name to the version in force.",
    scope: null,
    body: "PolicyApproval",
    answer: "Policy",
    status: 201,
  },
  {
    method: "get",
    path: "/api/v1/policies/versions",
    summary: "Versions of a policy, newest first.",
    scope: "read",
    parameters: ["policy"],
    answer: "PolicyVersions",
  },
  {
    method: "get",
    path: "/api/v1/policies/schema",
    summary: "What a policy file may say, as JSON Schema.",
    scope: "read",
  },
  {
    method: "get",
    path: "/api/v1/policies/backtest",
    summary: "The draft that was tried last over stored runs: how far it is, and what it would have stopped.",
    scope: "read",
    answer: "Backtest",
  },
  {
    method: "post",
    path: "/api/v1/policies/backtest",
    summary: "Try a draft over the stored runs of a range, in the background.",
    scope: null,
    body: "BacktestInput",
    answer: "Backtest",
    status: 202,
  },
  {
    method: "delete",
    path: "/api/v1/policies/backtest",
    summary: "Cancel it.",
    scope: null,
    answer: "Backtest",
  },
]
