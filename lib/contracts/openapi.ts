import { z } from "zod"
import { DELIVERY_STATES } from "@/lib/alert-vocabulary"
import { FACETS } from "@/lib/contracts/facets"
import { ANSWERS, BODIES, OPERATIONS, type Operation } from "@/lib/contracts/operations"
import { GRAINS } from "@/lib/contracts/read"
import { DOORS } from "@/lib/doors"
import { COMPARES, LASTS, METRICS, SHAPES, SORTS, TOP_CAP } from "@/lib/filters"
import {
  DIMENSIONS,
  EXCEPTION_KINDS,
  EXCEPTION_STATES,
  PROOFS,
  RUN_STATUSES,
  SEVERITIES,
  VERDICTS,
} from "@/lib/vocabulary"

type Json = Record<string, unknown>

const query = (name: string, description: string, schema: Json, isRepeatable = false): Json => ({
  name,
  in: "query",
  description,
  schema: isRepeatable ? { type: "array", items: schema } : schema,
  ...(isRepeatable ? { style: "form", explode: true } : {}),
})
const words = (values: readonly string[]): Json => ({ type: "string", enum: values })
const dimension = (name: string): Json =>
  query(name, "Repeatable. `~` = none; a name that begins with `~` is written with one more.", { type: "string" }, true)

const PARAMETERS: Record<NonNullable<Operation["parameters"]>[number], Json[]> = {
  range: [
    query("last", "A preset; excludes from and to. Default 30d.", words(LASTS)),
    query("from", "Instant, or a local date in tz. Ranges are half-open and snap outward to 15 minutes.", {
      type: "string",
    }),
    query("to", "As from; excluded.", { type: "string" }),
  ],
  zone: [query("tz", "IANA zone that cuts days; default the project's.", { type: "string" })],
  by: [query("by", "Up to two dimensions to group by.", words(DIMENSIONS), true)],
  grain: [query("grain", "Default: by the length of the range. At most 2,000 buckets.", words(GRAINS))],
  top: [query("top", "Groups shown apart; the rest is summed.", { type: "integer", minimum: 1, maximum: TOP_CAP })],
  measure: [
    query("metric", "What the groups are ranked by.", words(METRICS)),
    query("compare", "previous: with the period before, cut at the same time of day.", words(COMPARES)),
    query("shape", "per_run: with how many runs started, by what a run as a whole has.", words(SHAPES)),
  ],
  dimensions: DIMENSIONS.map(dimension),
  run_dimensions: (["workflow", "environment", "release", "team", "customer"] as const).map(dimension),
  status: [query("status", "Repeatable.", words(RUN_STATUSES), true)],
  proof: [query("proof", "Repeatable.", words(PROOFS), true)],
  outcome: [query("outcome", "Repeatable.", words(VERDICTS), true)],
  check: [query("check", "Name of a check; repeatable.", { type: "string" }, true)],
  q: [query("q", "Text in a run's id, names, tags, models or errors, taken literally.", { type: "string" })],
  unpriced: [
    query("unpriced", "1: only calls without a price.", words(["0", "1"])),
    query("failed", "1: only calls that failed; not together with unpriced.", words(["0", "1"])),
    query("differing", "1: only calls whose reported cost is off the computed one; alone.", words(["0", "1"])),
  ],
  queue: [
    dimension("workflow"),
    query("state", "Repeatable. Default: all but resolved; with a fingerprint all.", words(EXCEPTION_STATES), true),
    query("kind", "Repeatable. What raised it.", words(EXCEPTION_KINDS), true),
    query("severity", "Repeatable.", words(SEVERITIES), true),
    query("assignee", "E-mail address of whose they are.", { type: "string" }),
    query("fingerprint", "As an exception names it.", { type: "string" }),
  ],
  letters: [
    query("code", "Why it was refused.", { type: "string" }),
    query("door", "The way that it came in.", words(DOORS)),
    dimension("key"),
  ],
  similar: [query("similar", "1: all of its fingerprint that stopped in the last 30 days.", words(["1"]))],
  sort: [query("sort", "By start, or the greatest first.", words(SORTS))],
  page: [
    query("cursor", "next_cursor of the page before.", { type: "string" }),
    query("limit", "Rows a page.", { type: "integer", minimum: 1 }),
  ],
  facet: [
    query("facet", "One facet alone; default all.", words(FACETS)),
    query("find", "A part of the names wanted, taken literally.", { type: "string" }),
  ],
  policy: [
    query("workflow", "Whose; absent: the project's own.", { type: "string" }),
    query("cursor", "next_cursor of the page before.", { type: "string" }),
  ],
  month: [query("month", "`YYYY-MM`; default the last whole month that has calls.", { type: "string" })],
  two_runs: [query("a", "Id of a run.", { type: "string" }), query("b", "Id of another.", { type: "string" })],
  runner: [
    query("run", "Id of a run that the runner has; repeatable, at most 100.", { type: "string" }, true),
    query(
      "workflow",
      "All runs of a workflow; repeatable. Without run and workflow: all of the project.",
      { type: "string" },
      true,
    ),
    query("runner", "Name of the runner, for the log.", { type: "string" }),
    query("wait", "Seconds to wait for one, at most 55. Default 0.", { type: "integer", minimum: 0 }),
  ],
  messages: [
    query("channel", "Number of a channel.", { type: "integer", minimum: 1 }),
    query("state", "What came of it.", words(DELIVERY_STATES)),
    query("exception", "Number of an exception.", { type: "string" }),
  ],
  seen: [query("version", "The one that was seen; another one means that somebody acted first.", { type: "integer" })],
  format: [query("format", "csv: a file.", words(["csv"]))],
}

/** The OpenAPI 3.1 document, made from the schemas that validate and type the API. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {}
  for (const operation of OPERATIONS) {
    paths[operation.path] ??= {}
    Object.assign(paths[operation.path] as Json, { [operation.method]: describe(operation) })
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Andon",
      version,
      description:
        "Money is an exact decimal string, null = unpriced. Instants are ISO 8601 with Z. Absent is null. Errors are RFC 9457 problem details.",
    },
    paths,
    components: {
      schemas: { ...schemasOf(ANSWERS, "output"), ...schemasOf(BODIES, "input"), Problem: PROBLEM },
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "An ingest key: andon_live_…; each operation names its scope.",
        },
        session: { type: "apiKey", in: "cookie", name: "andon.session", description: "The browser's log-in." },
      },
    },
  }
}

const PROBLEM: Json = {
  type: "object",
  required: ["type", "title", "status", "code", "detail", "request_id", "retryable"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string" },
    detail: { type: "string" },
    field: { type: "string" },
    current: { type: "object", description: "Of a conflict: what the thing is now." },
    request_id: { type: "string" },
    retryable: { type: "boolean" },
  },
}

function describe(operation: Operation): Json {
  const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }))
  const isIngest = operation.path === "/api/v1/events"
  const project = isIngest ? [] : [query("project", "Slug; a key may name its own only.", { type: "string" })]
  const named = new Map((operation.parameters ?? []).flatMap((name) => PARAMETERS[name]).map((p) => [p.name, p]))
  return {
    operationId: operationId(operation),
    summary: operation.summary,
    security: [
      ...(operation.scope === null ? [] : [{ key: [operation.scope] }]),
      ...(isIngest ? [] : [{ session: [] }]),
    ],
    parameters: [...inPath, ...project, ...named.values()],
    ...(operation.body ? { requestBody: { required: true, content: bodyContent(operation) } } : {}),
    responses: {
      [operation.status ?? 200]: { description: "Done.", ...answerContent(operation) },
      default: {
        description: "What went wrong.",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  }
}

const operationId = ({ method, path }: Operation): string =>
  `${method}_${path
    .replace("/api/v1/", "")
    .replace(/[{}]/g, "")
    .replace(/[^a-z]+/g, "_")}`

function bodyContent({ path, body }: Operation): Json {
  const one = { $ref: `#/components/schemas/${body}` }
  if (path !== "/api/v1/events") return { "application/json": { schema: one } }
  const many = { type: "array", items: one }
  const envelope = { type: "object", required: ["events"], properties: { events: many } }
  return {
    "application/json": { schema: { oneOf: [envelope, many] } },
    "application/x-ndjson": { schema: { type: "string", description: "One event a line." } },
  }
}

function answerContent({ answer, mediaType, status }: Operation): Json {
  if (status === 204) return {}
  if (mediaType) return { content: { [mediaType]: { schema: { type: "string" } } } }
  const schema = answer ? { $ref: `#/components/schemas/${answer}` } : { type: "object" }
  return { content: { "application/json": { schema } } }
}

/** Named schemas as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks; one that uses another refers to it. */
function schemasOf(named: Record<string, z.ZodType>, io: "input" | "output"): Json {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: "any",
    uri: (id) => `#/components/schemas/${id}`,
  })
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema]),
  )
}
