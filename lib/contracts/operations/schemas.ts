import type { z } from "zod"
import * as access from "@/lib/contracts/access"
import * as acts from "@/lib/contracts/acts"
import * as alerts from "@/lib/contracts/alerts"
import { AssigneeList } from "@/lib/contracts/assignees"
import * as board from "@/lib/contracts/board"
import * as budgets from "@/lib/contracts/budgets"
import { Comparison } from "@/lib/contracts/compare"
import { EventSchema, IngestAnswer } from "@/lib/contracts/events"
import { ExceptionNumbers } from "@/lib/contracts/exception-numbers"
import * as exceptions from "@/lib/contracts/exceptions"
import { Facets } from "@/lib/contracts/facets"
import * as periods from "@/lib/contracts/periods"
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
  PeriodList: periods.PeriodList,
  PeriodDetail: periods.PeriodDetail,
  PriceList: settings.PriceList,
  UnpricedModels: settings.UnpricedModels,
  PriceAdded: prices.PriceAdded,
  PriceImport: prices.ImportPreview,
  BudgetList: budgets.BudgetList,
  BudgetHistory: budgets.BudgetHistory,
  AlertChannelList: alerts.ChannelList,
  AlertChannelSaved: alerts.ChannelSaved,
  AlertSettings: alerts.AlertSettings,
  AlertsHealth: alerts.AlertsHealth,
  Delivery: alerts.Delivery,
  DeliveryList: alerts.DeliveryList,
  ToldList: alerts.ToldList,
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
  AssigneeList,
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
  AlertChannelInput: alerts.ChannelInput,
  AlertChannelChange: alerts.ChannelChange,
  AlertSettingsInput: alerts.AlertSettings,
  DiscountInput: prices.DiscountInput,
  PeriodInput: periods.PeriodInput,
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
