import { cancelWork, type ProjectTx, withSnapshot } from "@/db/client"
import {
  type ExportFigures,
  type ExportPlan,
  type ExportRow,
  planSpendExport,
  streamSpend,
  workerOf,
} from "@/db/queries/export-spend"
import { type CsvColumn, csvHeader, csvLine } from "@/lib/csv"
import { AppError } from "@/lib/errors"
import type { Filters } from "@/lib/filters"
import { logError } from "@/lib/http"
import { DIMENSIONS, TOKEN_BUCKETS } from "@/lib/vocabulary"

/** Each export holds a connection of the pages while its reader reads; the pages keep the rest. */
const MOST_AT_ONCE = 2
const STATEMENT_SECONDS = 60
const holder = globalThis as typeof globalThis & { andonExports?: { running: number } }
holder.andonExports ??= { running: 0 }
const exports = holder.andonExports

type Line = ExportFigures & Pick<ExportRow, "bucket" | "dimensions">

function columnsOf(plan: ExportPlan): CsvColumn<Line>[] {
  return [
    { name: plan.grain === "15m" ? "quarter_hour" : plan.grain, kind: "text", of: (row) => row.bucket },
    ...DIMENSIONS.map((name) => ({ name, kind: "text" as const, of: (row: Line) => row.dimensions[name] })),
    { name: "calls", kind: "number", of: (row) => row.calls },
    { name: "unpriced_calls", kind: "number", of: (row) => row.unpricedCalls },
    ...TOKEN_BUCKETS.map((name) => ({ name, kind: "number" as const, of: (row: Line) => row.tokens[name] })),
    { name: "cost", kind: "number", of: (row) => row.cost },
    { name: "reported_cost", kind: "number", of: (row) => row.reportedCost },
    { name: "computed_cost", kind: "number", of: (row) => row.computedCost },
    { name: "currency", kind: "text", of: () => plan.range.currency },
  ]
}

/**
 * The answer to an export: it begins when the control total is known and ends with the same total as its last line, `# total` with the number
 * of rows in the second column. Total and rows come from one snapshot. A file without that line is broken: when anything fails after the
 * beginning, the connection is cut, never ended.
 * @throws AppError `busy` above two exports at once; what the filters are refused for.
 */
export async function exportSpendCsv(
  project: { id: number; slug: string },
  filters: Filters,
  now: number,
  requestId: string,
): Promise<Response> {
  if (exports.running >= MOST_AT_ONCE)
    throw new AppError("busy", "Other exports are running.", { retryAfterSeconds: 10 })
  exports.running++
  const out = channel()
  return await new Promise<Response>((resolve, reject) => {
    withSnapshot(project.id, STATEMENT_SECONDS, async (tx) => {
      const plan = await planSpendExport(tx, filters, now)
      out.worksFor(await workerOf(tx))
      resolve(new Response(out.readable, { headers: headersOf(project.slug, plan) }))
      try {
        await writeLines(tx, filters, plan, out.send)
      } finally {
        await out.settled()
      }
    })
      .then(out.end, (error: unknown) => {
        reject(error)
        if (!out.fail(error) || error instanceof AppError) return
        logError("export broke", error, requestId)
      })
      .finally(() => {
        exports.running--
      })
  })
}

/** A stream that is written at the pace of its reader. When the reader goes, the statement at work is stopped and `send` throws. */
function channel() {
  let controller: ReadableStreamDefaultController<Uint8Array>
  let isGone = false
  let worker: number | null = null
  let stopping: Promise<void> | undefined
  let go: (() => void) | undefined
  const readable = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given
    },
    pull() {
      go?.()
    },
    cancel() {
      isGone = true
      // Waiting for the reader, there is no statement to stop.
      if (go) go()
      else if (worker !== null) stopping = cancelWork(worker).catch(() => {})
    },
  })
  const encoder = new TextEncoder()
  return {
    readable,
    worksFor(backend: number): void {
      worker = backend
    },
    async send(text: string): Promise<void> {
      if (!isGone && (controller.desiredSize ?? 0) <= 0)
        await new Promise<void>((resume) => {
          go = resume
        })
      go = undefined
      if (isGone) throw new Error("the reader went away")
      controller.enqueue(encoder.encode(text))
    },
    /** From here on nothing is stopped any more: the worker's next statement is another's. */
    async settled(): Promise<void> {
      worker = null
      await stopping
    },
    end(): void {
      if (!isGone) controller.close()
    },
    /** @returns false when nobody is there to tell. */
    fail(error: unknown): boolean {
      if (!isGone) controller.error(error)
      return !isGone
    },
  }
}

async function writeLines(
  tx: ProjectTx,
  filters: Filters,
  plan: ExportPlan,
  send: (text: string) => Promise<void>,
): Promise<void> {
  const columns = columnsOf(plan)
  await send(csvHeader(columns))
  for await (const rows of streamSpend(tx, filters, plan)) await send(rows.map((row) => csvLine(columns, row)).join(""))
  await send(csvLine(columns, totalLine(plan)))
}

function totalLine(plan: ExportPlan): Line {
  const none = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, null])) as Line["dimensions"]
  return { ...plan.total, bucket: "# total", dimensions: { ...none, [DIMENSIONS[0]]: `rows: ${plan.rows}` } }
}

/** The name is ours: a slug and two dates, nothing that a stranger wrote. */
function headersOf(slug: string, plan: ExportPlan): Record<string, string> {
  const name = `andon-spend-${slug.replace(/[^a-z0-9-]/g, "")}-${plan.range.from.slice(0, 10)}-${plan.range.to.slice(0, 10)}.csv`
  return {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": `attachment; filename="${name}"`,
    "cache-control": "private, no-store",
    "x-andon-control-total": plan.total.cost ?? "",
    "x-andon-control-rows": String(plan.rows),
    "x-andon-range": `${plan.range.from}/${plan.range.to}`,
  }
}
