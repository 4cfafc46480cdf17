import type { Operation } from "./operation"

export const SPEND: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/spend",
    summary: "Spend by up to two dimensions over time.",
    scope: "read",
    parameters: ["range", "zone", "by", "grain", "top", "measure", "dimensions"],
    answer: "Spend",
  },
  {
    method: "get",
    path: "/api/v1/spend/csv",
    summary: "The same as CSV: one line a bucket and group. The last line is `# total`; a file without it is broken.",
    scope: "read",
    parameters: ["range", "zone", "by", "grain", "top", "measure", "dimensions"],
    mediaType: "text/csv",
  },
  {
    method: "get",
    path: "/api/v1/spend/runs",
    summary: "The costliest runs that started in the range, and how many were looked through.",
    scope: "read",
    parameters: ["range", "zone", "dimensions"],
    answer: "CostlyRuns",
  },
  {
    method: "get",
    path: "/api/v1/spans",
    summary: "The calls behind a figure of spend, newest first; their costs sum to it.",
    scope: "read",
    parameters: ["range", "zone", "dimensions", "unpriced", "page"],
    answer: "SpanList",
  },
  {
    method: "get",
    path: "/api/v1/spans/{span}",
    summary: "The span of a cost event.",
    scope: "read",
    answer: "SpanDetail",
  },
  {
    method: "get",
    path: "/api/v1/reports/month",
    summary:
      "One month by one dimension beside the month before, with a control total. format=csv: the file; its last line, `# control`, has rows, sum and SHA-256 of all before it.",
    scope: "read",
    parameters: ["month", "zone", "by", "dimensions", "format"],
    answer: "MonthReport",
  },
  {
    method: "get",
    path: "/api/v1/export",
    summary:
      "Spend as CSV: one line a bucket (a day unless grain says otherwise) and combination of dimensions. The last line is `# total`; a file without it is broken.",
    scope: "read",
    parameters: ["range", "zone", "grain", "dimensions", "format"],
    mediaType: "text/csv",
  },
  {
    method: "get",
    path: "/api/v1/periods",
    summary:
      "Months that were closed and opened again, the newest act first, each with the control total of that moment.",
    scope: "read",
    parameters: ["page"],
    answer: "PeriodList",
  },
  {
    method: "get",
    path: "/api/v1/periods/{month}",
    summary: "Whether a month is closed, its sums then and now, and what came too late for it or is booked in it.",
    scope: "read",
    answer: "PeriodDetail",
  },
  {
    method: "post",
    path: "/api/v1/periods",
    summary:
      "Close a month that has ended, or open it again. What comes late for a closed month is booked in the next open one.",
    scope: null,
    body: "PeriodInput",
    answer: "PeriodDetail",
  },
]
