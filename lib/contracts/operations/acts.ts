import type { Operation } from "./operation"

export const ACTS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/runs/{id}/acts",
    summary: "What holds of a run, why and since when, every act on it, and what may be done about it.",
    scope: "read",
    answer: "RunControl",
  },
  {
    method: "post",
    path: "/api/v1/runs/{id}/acts",
    summary:
      "Halt, quarantine, release or reject a run, in the version that was seen. A key with the scope ingest may halt; the rest is for people.",
    scope: "ingest",
    body: "RunAct",
    answer: "RunControl",
  },
  {
    method: "get",
    path: "/api/v1/runs/{id}/gate",
    summary:
      "May the run's output be used? 200: it is done or was released. 409: not, with the reason and where it is dealt with. Scope read or directives.",
    scope: "read",
    answer: "RunGate",
  },
  {
    method: "get",
    path: "/api/v1/workflows",
    summary: "Lines that are paused or tightened, the latest changed first.",
    scope: "read",
    answer: "LineList",
  },
  {
    method: "get",
    path: "/api/v1/workflows/{name}/acts",
    summary: "The line of a workflow: its state, since when and why, and every act on it.",
    scope: "read",
    answer: "Line",
  },
  {
    method: "post",
    path: "/api/v1/workflows/{name}/acts",
    summary: "Pause, tighten or resume a line, in the version that was seen.",
    scope: null,
    body: "LineAct",
    answer: "Line",
  },
  {
    method: "get",
    path: "/api/v1/workflows/{name}/gate",
    summary:
      "May the workflow start a run? 409: its line is paused (code line_paused) or a budget is used up (budget_cap), with the reason. Scope read or directives.",
    scope: "read",
    answer: "LineGate",
  },
  {
    method: "get",
    path: "/api/v1/directives",
    summary: "Long poll: directives for a runner, each leased to it for 60 seconds.",
    scope: "directives",
    parameters: ["runner"],
    answer: "DirectiveList",
  },
  {
    method: "post",
    path: "/api/v1/directives/{id}/{act}",
    summary:
      "ack (renews the lease), complete or reject, with the token of the lease; another or an expired one is refused.",
    scope: "directives",
    body: "DirectiveAct",
    answer: "DirectiveState",
  },
]
