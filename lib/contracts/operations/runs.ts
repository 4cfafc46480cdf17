import { type Operation, RUNS_IN_RANGE } from "./operation"

export const RUNS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/runs",
    summary: "Runs that started in the range.",
    scope: "read",
    parameters: [...RUNS_IN_RANGE, "dimensions", "check", "q", "sort", "page"],
    answer: "RunPage",
  },
  {
    method: "get",
    path: "/api/v1/compare",
    summary: "Two runs side by side, each summed by step and by model.",
    scope: "read",
    parameters: ["two_runs"],
    answer: "Comparison",
  },
  {
    method: "get",
    path: "/api/v1/runs/{id}",
    summary: "One run with its plan against what ran and its verifications.",
    scope: "read",
    answer: "Run",
  },
  {
    method: "get",
    path: "/api/v1/runs/{id}/baseline",
    summary:
      "The last verified run of the same workflow before this one, with its plan: what this run is held against.",
    scope: "read",
    answer: "Baseline",
  },
  {
    method: "get",
    path: "/api/v1/runs/{id}/spans",
    summary: "Spans of a run in order of start, up to 5,000 a page.",
    scope: "read",
    parameters: ["page"],
    answer: "SpanList",
  },
  {
    method: "get",
    path: "/api/v1/runs/{id}/spans/{span}",
    summary: "One span with the arithmetic of its price and its events.",
    scope: "read",
    answer: "SpanDetail",
  },
  {
    method: "get",
    path: "/api/v1/runs/{id}/spans/{span}/events",
    summary: "Events of one span as they were taken, up to 100 a page.",
    scope: "read",
    parameters: ["page"],
    answer: "SpanEventList",
  },
]
