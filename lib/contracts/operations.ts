import type { z } from "zod"
import * as access from "@/lib/contracts/access"
import * as acts from "@/lib/contracts/acts"
import * as board from "@/lib/contracts/board"
import * as budgets from "@/lib/contracts/budgets"
import { Comparison } from "@/lib/contracts/compare"
import { EventSchema, IngestAnswer } from "@/lib/contracts/events"
import { ExceptionNumbers } from "@/lib/contracts/exception-numbers"
import * as exceptions from "@/lib/contracts/exceptions"
import { Facets } from "@/lib/contracts/facets"
import * as policies from "@/lib/contracts/policies"
import * as prices from "@/lib/contracts/prices"
import { SourceQuality } from "@/lib/contracts/quality"
import * as read from "@/lib/contracts/read"
import * as remappings from "@/lib/contracts/remappings"
import * as reports from "@/lib/contracts/reports"
import { RunPage } from "@/lib/contracts/runs"
import { Search } from "@/lib/contracts/search"
import * as settings from "@/lib/contracts/settings"
import * as spend from "@/lib/contracts/spend"
import * as trace from "@/lib/contracts/trace"
import * as verifications from "@/lib/contracts/verifications"
import * as views from "@/lib/contracts/views"
import type { KeyScope } from "@/lib/vocabulary"

/** What a parameter list is made of; `PARAMETERS` in `openapi.ts` says what each one is. */
type Parameter =
  | "range"
  | "zone"
  | "by"
  | "grain"
  | "top"
  | "measure"
  | "dimensions"
  | "run_dimensions"
  | "status"
  | "proof"
  | "outcome"
  | "check"
  | "q"
  | "unpriced"
  | "queue"
  | "similar"
  | "letters"
  | "sort"
  | "page"
  | "format"
  | "month"
  | "facet"
  | "two_runs"
  | "policy"
  | "runner"

/** One address of the API: a test holds the list against the route files. */
export type Operation = {
  method: "get" | "post" | "patch" | "delete"
  path: string
  summary: string
  /** By session, and by a key that has this scope; null = by session only. */
  scope: KeyScope | null
  parameters?: readonly Parameter[]
  body?: string
  answer?: string
  /** Default 200. */
  status?: number
  /** Of the answer, when it is not JSON. */
  mediaType?: string
}

/** Schemas by the names that the document gives them. */
export const ANSWERS = {
  SourceQuality,
  Spend: read.Spend,
  CostlyRuns: spend.CostlyRuns,
  RunList: read.RunList,
  RunPage,
  Facets,
  Comparison,
  Run: read.Run,
  SpanList: read.SpanList,
  SpanDetail: read.SpanDetail,
  SpanEventList: trace.SpanEventList,
  Baseline: trace.Baseline,
  VerificationList: read.VerificationList,
  VerificationSeries: verifications.VerificationSeries,
  VerificationDetail: verifications.VerificationDetail,
  FailureGroups: verifications.FailureGroups,
  ReleaseHistories: verifications.ReleaseHistories,
  Health: read.Health,
  Board: board.Board,
  DataQuality: read.DataQuality,
  MonthReport: reports.MonthReport,
  PriceList: settings.PriceList,
  UnpricedModels: settings.UnpricedModels,
  PriceAdded: prices.PriceAdded,
  PriceImport: prices.ImportPreview,
  BudgetList: budgets.BudgetList,
  BudgetHistory: budgets.BudgetHistory,
  Discount: prices.Discount,
  DiscountList: prices.DiscountList,
  Repricing: prices.Repricing,
  RepricingList: prices.RepricingList,
  Remapping: remappings.Remapping,
  RemappingList: remappings.RemappingList,
  Policy: policies.Policy,
  PolicyList: policies.PolicyList,
  PolicyVersions: policies.PolicyVersions,
  Backtest: policies.Backtest,
  LedgerHealth: settings.LedgerHealth,
  Job: settings.Job,
  DemoState: settings.DemoState,
  RunControl: acts.RunControl,
  RunGate: acts.RunGate,
  Line: acts.Line,
  LineList: acts.LineList,
  LineGate: acts.LineGate,
  DirectiveList: acts.DirectiveList,
  DirectiveState: acts.DirectiveState,
  ExceptionList: exceptions.ExceptionList,
  Exception: exceptions.ExceptionDetail,
  ExceptionRunList: exceptions.ExceptionRunList,
  ExceptionNumbers,
  ExceptionBulkAnswer: exceptions.BulkAnswer,
  DeadLetter: read.DeadLetter,
  DeadLetterList: read.DeadLetterList,
  Search,
  SavedView: views.SavedView,
  SavedViewList: views.SavedViewList,
  IngestAnswer,
  Me: access.Me,
  Project: access.Project,
  ProjectList: access.ProjectList,
  Member: access.Member,
  MemberList: access.MemberList,
  Key: access.Key,
  KeyList: access.KeyList,
  NewKey: access.NewKey,
  AuditList: access.AuditList,
} satisfies Record<string, z.ZodType>

export const BODIES = {
  Event: EventSchema,
  RunAct: acts.RunActInput,
  LineAct: acts.LineActInput,
  DirectiveAct: acts.DirectiveActInput,
  ExceptionAct: exceptions.ExceptionActInput,
  ExceptionBulk: exceptions.BulkInput,
  OwnPriceInput: prices.OwnPriceInput,
  BudgetInput: budgets.BudgetInput,
  BudgetChange: budgets.BudgetChange,
  DiscountInput: prices.DiscountInput,
  RepricingInput: prices.RepricingInput,
  RepricingAct: prices.RepricingAct,
  RemappingInput: remappings.RemappingInput,
  PolicyInput: policies.PolicyInput,
  PolicyApproval: policies.PolicyApproval,
  BacktestInput: policies.BacktestInput,
  ProjectInput: access.ProjectInput,
  ProjectChange: access.ProjectChange,
  MemberInput: access.MemberInput,
  MemberChange: access.MemberChange,
  KeyInput: access.KeyInput,
  KeyRotation: access.KeyRotation,
  LedgerCheckInput: settings.LedgerCheckInput,
  DemoInput: settings.DemoInput,
  SavedViewInput: views.SavedViewInput,
  SavedViewChange: views.SavedViewChange,
} satisfies Record<string, z.ZodType>

const RUNS = ["range", "zone", "run_dimensions", "status", "proof"] as const

export const OPERATIONS: readonly Operation[] = [
  {
    method: "post",
    path: "/api/v1/events",
    summary: "Send events. Each is taken or refused alone; the answer comes after the commit.",
    scope: "ingest",
    body: "Event",
    answer: "IngestAnswer",
  },
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
    path: "/api/v1/quality",
    summary: "How ingest went over the range, and how many calls have no price.",
    scope: "read",
    parameters: ["range", "zone"],
    answer: "DataQuality",
  },
  {
    method: "get",
    path: "/api/v1/quality/sources",
    summary: "How ingest went over the range, per source, and the runs whose events skip numbers.",
    scope: "read",
    parameters: ["range", "zone"],
    answer: "SourceQuality",
  },
  {
    method: "get",
    path: "/api/v1/runs",
    summary: "Runs that started in the range.",
    scope: "read",
    parameters: [...RUNS, "dimensions", "check", "q", "sort", "page"],
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
    summary: "May the workflow start a run? 409: its line is paused, with the reason. Scope read or directives.",
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
  {
    method: "get",
    path: "/api/v1/facets",
    summary: "How many runs each value of each filter would leave.",
    scope: "read",
    parameters: [...RUNS, "dimensions", "check", "q", "facet"],
    answer: "Facets",
  },
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
  {
    method: "get",
    path: "/api/v1/health",
    summary: "Runs by status and proof, in all and over time.",
    scope: "read",
    parameters: [...RUNS, "grain"],
    answer: "Health",
  },
  {
    method: "get",
    path: "/api/v1/board",
    summary:
      "How things stand now: what is halted, what today came to and cost by workflow, and what changed in a week.",
    scope: "read",
    parameters: ["zone", "run_dimensions"],
    answer: "Board",
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
  {
    method: "get",
    path: "/api/v1/search",
    summary:
      "Runs by the beginning of their id, and names of workflows, models and the like that hold the text: few and best.",
    scope: "read",
    parameters: ["q"],
    answer: "Search",
  },
  {
    method: "get",
    path: "/api/v1/views",
    summary: "Saved views: one's own and the shared ones.",
    scope: null,
    answer: "SavedViewList",
  },
  {
    method: "post",
    path: "/api/v1/views",
    summary: "Keep a page with its filters under a name.",
    scope: null,
    body: "SavedViewInput",
    answer: "SavedView",
    status: 201,
  },
  {
    method: "patch",
    path: "/api/v1/views/{id}",
    summary: "Rename a view, change its address, share it or take it back.",
    scope: null,
    body: "SavedViewChange",
    answer: "SavedView",
  },
  { method: "delete", path: "/api/v1/views/{id}", summary: "Delete a view.", scope: null, status: 204 },
  {
    method: "get",
    path: "/api/v1/dead-letters",
    summary: "Events that were refused or contradicted an earlier one.",
    scope: "read",
    parameters: ["letters", "page"],
    answer: "DeadLetterList",
  },
  {
    method: "get",
    path: "/api/v1/dead-letters/{id}",
    summary: "One of them with the whole of its raw text.",
    scope: "read",
    answer: "DeadLetter",
  },
  {
    method: "post",
    path: "/api/v1/dead-letters/{id}/replay",
    summary: "Send it through ingest again.",
    scope: null,
    answer: "IngestAnswer",
  },
  {
    method: "get",
    path: "/api/v1/live",
    summary: "Server-sent events: which topics and runs have changed.",
    scope: "read",
    mediaType: "text/event-stream",
  },
  { method: "get", path: "/api/v1/me", summary: "Who is logged in, and their projects.", scope: null, answer: "Me" },
  { method: "get", path: "/api/v1/projects", summary: "Projects of the person.", scope: null, answer: "ProjectList" },
  {
    method: "post",
    path: "/api/v1/projects",
    summary: "Make a project.",
    scope: null,
    body: "ProjectInput",
    answer: "Project",
    status: 201,
  },
  {
    method: "patch",
    path: "/api/v1/projects/{slug}",
    summary: "Change its name, zone or whose cost counts.",
    scope: null,
    body: "ProjectChange",
    answer: "Project",
  },
  { method: "get", path: "/api/v1/members", summary: "People of the project.", scope: null, answer: "MemberList" },
  {
    method: "post",
    path: "/api/v1/members",
    summary: "Add a person.",
    scope: null,
    body: "MemberInput",
    answer: "Member",
    status: 201,
  },
  {
    method: "patch",
    path: "/api/v1/members/{id}",
    summary: "Change a role, disable an account.",
    scope: null,
    body: "MemberChange",
    answer: "Member",
  },
  {
    method: "delete",
    path: "/api/v1/members/{id}",
    summary: "Take a person out of the project.",
    scope: null,
    status: 204,
  },
  {
    method: "delete",
    path: "/api/v1/members/{id}/sessions",
    summary: "End all sessions of a person.",
    scope: null,
    status: 204,
  },
  { method: "get", path: "/api/v1/keys", summary: "Ingest keys of the project.", scope: null, answer: "KeyList" },
  {
    method: "post",
    path: "/api/v1/keys",
    summary: "Make a key; the only answer that holds it whole.",
    scope: null,
    body: "KeyInput",
    answer: "NewKey",
    status: 201,
  },
  {
    method: "post",
    path: "/api/v1/keys/{id}/rotate",
    summary: "Make the next key of the same name; the old one works on for a while.",
    scope: null,
    body: "KeyRotation",
    answer: "NewKey",
    status: 201,
  },
  { method: "delete", path: "/api/v1/keys/{id}", summary: "Revoke a key.", scope: null, answer: "Key" },
  {
    method: "get",
    path: "/api/v1/audit",
    summary: "Who did what, newest first.",
    scope: null,
    parameters: ["page"],
    answer: "AuditList",
  },
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
  {
    method: "get",
    path: "/api/v1/prices",
    summary: "The price book in force, per million tokens; the project's own rows first.",
    scope: "read",
    parameters: ["q", "page"],
    answer: "PriceList",
  },
  {
    method: "get",
    path: "/api/v1/prices/unpriced",
    summary: "Models that were called without a price.",
    scope: "read",
    parameters: ["range"],
    answer: "UnpricedModels",
  },
  {
    method: "post",
    path: "/api/v1/prices",
    summary: "Add a dated price of the project's own, per million tokens; it holds for what comes in from now on.",
    scope: null,
    body: "OwnPriceInput",
    answer: "PriceAdded",
    status: 201,
  },
  {
    method: "post",
    path: "/api/v1/prices/import",
    summary:
      "What LiteLLM's price file (the body) would change of the list prices as of a day (`as_of`); with the `digest` of that answer it is written.",
    scope: null,
    answer: "PriceImport",
  },
  {
    method: "get",
    path: "/api/v1/prices/discounts",
    summary: "What the project pays less than the list, by provider.",
    scope: "read",
    answer: "DiscountList",
  },
  {
    method: "post",
    path: "/api/v1/prices/discounts",
    summary: "Add a dated discount with a provider.",
    scope: null,
    body: "DiscountInput",
    answer: "DiscountList",
    status: 201,
  },
  {
    method: "get",
    path: "/api/v1/prices/repricings",
    summary: "Acts of pricing a past range again, newest first.",
    scope: "read",
    answer: "RepricingList",
  },
  {
    method: "post",
    path: "/api/v1/prices/repricings",
    summary: "Begin one: it previews what would change, and changes nothing.",
    scope: null,
    body: "RepricingInput",
    answer: "Repricing",
    status: 202,
  },
  {
    method: "get",
    path: "/api/v1/prices/repricings/{id}",
    summary: "One of them: its preview, its progress, what came of it.",
    scope: "read",
    answer: "Repricing",
  },
  {
    method: "post",
    path: "/api/v1/prices/repricings/{id}/{act}",
    summary: "Do what was previewed (`apply`), or take it back (`undo`).",
    scope: null,
    body: "RepricingAct",
    answer: "Repricing",
    status: 202,
  },
  {
    method: "get",
    path: "/api/v1/remappings",
    summary: "Acts of reading a past range again by the mappings of today, newest first.",
    scope: "read",
    answer: "RemappingList",
  },
  {
    method: "post",
    path: "/api/v1/remappings",
    summary: "Begin one: it previews which spans would be read otherwise, and changes nothing.",
    scope: null,
    body: "RemappingInput",
    answer: "Remapping",
    status: 202,
  },
  {
    method: "get",
    path: "/api/v1/remappings/{id}",
    summary: "One of them: its preview, its progress, what came of it.",
    scope: "read",
    answer: "Remapping",
  },
  {
    method: "post",
    path: "/api/v1/remappings/{id}/{act}",
    summary: "Do what was previewed (`apply`), or take it back (`undo`).",
    scope: null,
    body: "RepricingAct",
    answer: "Remapping",
    status: 202,
  },
  {
    method: "get",
    path: "/api/v1/budgets",
    summary: "Budgets with what is used of them, how fast, and what they said in this period; the most used first.",
    scope: "read",
    answer: "BudgetList",
  },
  {
    method: "post",
    path: "/api/v1/budgets",
    summary: "Make a budget of the project, a workflow, team, model or key; the answer lists all.",
    scope: null,
    body: "BudgetInput",
    answer: "BudgetList",
    status: 201,
  },
  {
    method: "get",
    path: "/api/v1/budgets/{id}",
    summary: "One budget's periods, each by the version in force when it ended, and its versions.",
    scope: "read",
    answer: "BudgetHistory",
  },
  {
    method: "patch",
    path: "/api/v1/budgets/{id}",
    summary:
      "Change or end a budget, from the version that the body names; 409 with the one in force when it is another.",
    scope: null,
    body: "BudgetChange",
    answer: "BudgetList",
  },
  {
    method: "get",
    path: "/api/v1/ledger",
    summary: "What the ledger holds, what retention does, the last check.",
    scope: "read",
    answer: "LedgerHealth",
  },
  {
    method: "post",
    path: "/api/v1/ledger/check",
    summary: "Hold every total of the project against its rows.",
    scope: null,
    body: "LedgerCheckInput",
    answer: "Job",
    status: 202,
  },
  {
    method: "get",
    path: "/api/v1/demo",
    summary: "Demo projects, and what is being done.",
    scope: null,
    answer: "DemoState",
  },
  {
    method: "post",
    path: "/api/v1/demo",
    summary: "Make the demo project.",
    scope: null,
    body: "DemoInput",
    answer: "DemoState",
    status: 202,
  },
  { method: "delete", path: "/api/v1/demo", summary: "Stop making demo data.", scope: null, answer: "DemoState" },
  {
    method: "delete",
    path: "/api/v1/demo/{slug}",
    summary: "Remove a demo project with all its rows.",
    scope: null,
    answer: "DemoState",
    status: 202,
  },
  { method: "get", path: "/api/v1/openapi.json", summary: "This document.", scope: "read" },
]
