import type { Operation } from "./operation"

export const EXCEPTIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/halts",
    summary: "Runs that were stopped on purpose.",
    scope: "read",
    parameters: ["range", "zone", "run_dimensions", "sort", "page"],
    answer: "RunList",
  },
  {
    method: "get",
    path: "/api/v1/exceptions",
    summary: "What a person must look at, what stopped latest first.",
    scope: "read",
    parameters: ["queue", "page"],
    answer: "ExceptionList",
  },
  {
    method: "get",
    path: "/api/v1/exceptions/numbers",
    summary:
      "How the queue has done in 30 days: times, load, floods, what raises most, and what a person had to look at.",
    scope: "read",
    answer: "ExceptionNumbers",
  },
  {
    method: "get",
    path: "/api/v1/exceptions/assignees",
    summary: "Whom an exception can be given to, by name, at most 500.",
    scope: null,
    answer: "AssigneeList",
  },
  {
    method: "post",
    path: "/api/v1/exceptions/acts",
    summary:
      "One act on up to 100 of them, each in the version that was seen; what is refused is told and stops no other.",
    scope: null,
    body: "ExceptionBulk",
    answer: "ExceptionBulkAnswer",
  },
  {
    method: "get",
    path: "/api/v1/exceptions/{id}",
    summary: "One of them with every act on it and the others of its fingerprint.",
    scope: "read",
    answer: "Exception",
  },
  {
    method: "get",
    path: "/api/v1/exceptions/{id}/runs",
    summary: "Its runs, the latest first; their costs sum to its spend.",
    scope: "read",
    parameters: ["similar", "page"],
    answer: "ExceptionRunList",
  },
  {
    method: "get",
    path: "/api/v1/exceptions/{id}/told",
    summary: "Who was told of it, by which channel, and whether that arrived; the newest first.",
    scope: "read",
    answer: "ToldList",
  },
  {
    method: "post",
    path: "/api/v1/exceptions/{id}/suppress",
    summary:
      "Say that it is meant to be, with a reason and an end at most 30 days ahead, when it comes back by itself.",
    scope: null,
    body: "ExceptionAct",
    answer: "Exception",
  },
  {
    method: "post",
    path: "/api/v1/exceptions/{id}/{act}",
    summary:
      "Acknowledge, assign, comment, snooze, resolve or reopen. The version is the one that was seen; an act on an older one is refused.",
    scope: null,
    body: "ExceptionAct",
    answer: "Exception",
  },
]
