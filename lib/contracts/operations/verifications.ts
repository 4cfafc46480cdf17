import type { Operation } from "./operation"

export const VERIFICATIONS: readonly Operation[] = [
  {
    method: "get",
    path: "/api/v1/verifications",
    summary: "Results of checks, newest first; with model, those of runs that called it.",
    scope: "read",
    parameters: ["range", "zone", "run_dimensions", "outcome", "check", "page"],
    answer: "VerificationList",
  },
  {
    method: "get",
    path: "/api/v1/verifications/series",
    summary: "Outcomes over time per check, or by workflow, release, model, environment, team or customer.",
    scope: "read",
    parameters: ["range", "zone", "by", "grain", "run_dimensions", "check"],
    answer: "VerificationSeries",
  },
  {
    method: "get",
    path: "/api/v1/verifications/releases",
    summary: "How each release did per check and workflow, and falls of the share passed that are more than chance.",
    scope: "read",
    parameters: ["range", "zone", "run_dimensions", "check"],
    answer: "ReleaseHistories",
  },
  {
    method: "get",
    path: "/api/v1/verifications/failures",
    summary: "Results that did not pass, grouped by what they tell of; the newest 5,000.",
    scope: "read",
    parameters: ["range", "zone", "run_dimensions", "outcome", "check"],
    answer: "FailureGroups",
  },
  {
    method: "get",
    path: "/api/v1/verifications/failures/{fingerprint}",
    summary: "The results of one such group, newest first.",
    scope: "read",
    parameters: ["range", "zone", "run_dimensions", "outcome", "check", "page"],
    answer: "VerificationList",
  },
  {
    method: "get",
    path: "/api/v1/verifications/results/{id}",
    summary: "One result with the whole of its evidence.",
    scope: "read",
    answer: "VerificationDetail",
  },
]
