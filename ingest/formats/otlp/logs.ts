import { toAmount } from "@/ingest/formats/amount"
import { MAPPING_VERSION } from "@/ingest/formats/conventions/all"
import { CLAUDE_CODE_SCOPE, CLAUDE_USAGE, requestSpan } from "@/ingest/formats/conventions/claude-code"
import { countsAt } from "@/ingest/formats/conventions/usage"
import { toName } from "@/ingest/formats/names"
import { disjoint } from "@/ingest/formats/tokens"
import { canonicalJson, digest16 } from "@/lib/canonical"
import { EVALUATION, judgeEvaluation, verificationDraft } from "./judgements"
import { type Attributes, Broken, type OtlpLog } from "./model"
import { rawLog } from "./refused"
import type { Draft, Mapped } from "./spans"
import { toInstant } from "./times"

const CLAUDE = "claude_code."

/**
 * A log record as events: Claude Code's requests, which carry their cost here, and evaluations. Everything else says nothing that Andon keeps: no
 * events, and the sender is told that all is well.
 */
export function logToEvents(log: OtlpLog): Mapped | Broken {
  const name = nameOf(log)
  if (name === EVALUATION) return evaluation(log)
  if (!isClaudeCode(log)) return NOTHING
  const event = name.startsWith(CLAUDE) ? name.slice(CLAUDE.length) : name
  if (event === "api_request") return requestToEvents(log)
  if (event === "user_prompt") return prompt(log)
  return NOTHING
}

const NOTHING: Mapped = { drafts: [], warnings: [] }

function nameOf({ eventName, attributes, body }: OtlpLog): string {
  const named = eventName || attributes["event.name"]
  if (typeof named === "string" && named !== "") return named
  return typeof body === "string" && body.length < 200 ? body : ""
}

function isClaudeCode(log: OtlpLog): boolean {
  return log.origin.scope.startsWith(CLAUDE_CODE_SCOPE) || (typeof log.body === "string" && log.body.startsWith(CLAUDE))
}

const MS = 1_000_000n

/** A request of Claude Code as the call that it was. */
export function requestToEvents(log: OtlpLog): Mapped | Broken {
  const { attributes: a } = log
  const end = toInstant(log.at)
  if (end === undefined) return broken(log, "timeUnixNano", "has no time")
  const session = sessionOf(log)
  const requestId = toName(a.request_id, 700)
  const sequence = toName(a["event.sequence"])
  // One id for one request, whatever is sent again; without any the record itself must do.
  const own = requestId ?? (sequence ? `${sequence}:${log.at}` : digest16(canonicalJson([a, String(log.at)])))
  const found = countsAt(a, CLAUDE_USAGE)
  const usage = found && found.badCounts.length === 0 ? disjoint(found.counts, found.holds) : null
  const duration = Number(a.duration_ms)
  const took = Number.isFinite(duration) && duration > 0 ? BigInt(Math.round(duration)) * MS : 0n
  const flags = [...(usage?.flags ?? []), ...(found?.badCounts.length ? ["bad_token_count"] : [])]
  const call = {
    provider: "anthropic",
    model: toName(a.model),
    service_tier: undefined,
    usage: usage?.usage,
    cost: a.cost_usd === undefined ? undefined : (toAmount(a.cost_usd) ?? undefined),
    workflow: "claude-code",
    ...senderOf(log),
    attributes: a,
    source: {
      format: "otlp",
      convention: "claude_code",
      mapping_version: MAPPING_VERSION,
      event: "api_request",
      ...(flags.length > 0 ? { flags } : {}),
    },
  }
  const id = `claude-code:${session ?? "no-session"}:${own}`
  if (session === undefined) return { drafts: [{ id, type: "cost", at: end, ...call }], warnings: [] }
  const span: Draft = {
    id,
    type: "span",
    run: session,
    span: requestSpan(own),
    kind: "llm",
    name: "claude_code.llm_request",
    at: end,
    start: toInstant(took > 0n && took < log.at ? log.at - took : log.at),
    end,
    status: "ok",
    ...call,
  }
  return { drafts: [span], warnings: [] }
}

/** The first prompt starts the session's run; the run takes the earliest of all of them. */
function prompt(log: OtlpLog): Mapped {
  const run = sessionOf(log)
  const at = toInstant(log.at)
  if (run === undefined || at === undefined) return NOTHING
  const draft: Draft = {
    id: `claude-code:${run}:prompt:${log.at}`,
    type: "run.updated",
    run,
    at,
    start: at,
    agent: "claude-code",
    workflow: "claude-code",
    ...senderOf(log),
    source: { format: "otlp", convention: "claude_code", mapping_version: MAPPING_VERSION, event: "user_prompt" },
  }
  return { drafts: [draft], warnings: [] }
}

const sessionOf = ({ attributes, origin }: OtlpLog): string | undefined =>
  toName(attributes["session.id"], 800) ?? toName(origin.resource["session.id"], 800)

function senderOf({ attributes: a, origin: { resource } }: OtlpLog): Record<string, unknown> {
  const first = (...names: string[]) => {
    for (const name of names) {
      const value = toName(a[name]) ?? toName(resource[name])
      if (value !== undefined) return value
    }
    return undefined
  }
  const tags: Attributes = {}
  for (const [tag, value] of [
    ["session", first("session.id")],
    ["user", first("user.email", "user.id", "user.account_uuid")],
    ["team", first("team", "team.id", "team.name")],
    ["customer", first("customer", "customer.id", "tenant.id")],
    ["organization", first("organization.id")],
  ] as const)
    if (value !== undefined) tags[tag] = value
  return {
    environment: first("deployment.environment.name", "deployment.environment"),
    release: first("service.version", "app.version"),
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
  }
}

function evaluation(log: OtlpLog): Mapped | Broken {
  const judged = judgeEvaluation(log.attributes)
  const at = toInstant(log.at)
  if (judged === null) return broken(log, "gen_ai.evaluation.name", "is an evaluation without a name")
  if (log.traceId === "" || /^0*$/.test(log.traceId))
    return broken(log, "traceId", "is an evaluation that names no trace")
  if (at === undefined) return broken(log, "timeUnixNano", "has no time")
  const key = digest16(canonicalJson([log.traceId, log.spanId, String(log.at), log.attributes]))
  return {
    drafts: [verificationDraft(`otlp-log:${key}`, log.traceId, judged, at, log.spanId || undefined)],
    warnings: [],
  }
}

function broken(log: OtlpLog, field: string, message: string): Broken {
  return new Broken("missing_field", field, message, rawLog(log))
}
