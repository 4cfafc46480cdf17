import { createHash } from "node:crypto"
import type { MonthFigures, MonthReport, MonthRow } from "@/lib/contracts/reports"
import { type CsvColumn, csvHeader, csvLine } from "@/lib/csv"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** What a file is made of: everything of a report that does not change from one reading of the same data to the next. */
export type MonthBook = Pick<MonthReport, "month" | "previous_month" | "by" | "currency" | "tz" | "total"> & {
  rows: MonthRow[]
  /** The filters in force as a query string; empty when the report is of the whole project. */
  narrowed: string
}

type Line = MonthFigures & { label: string; key: string | null; presence: string | null }

function columnsOf(book: MonthBook): CsvColumn<Line>[] {
  return [
    { name: "month", kind: "text", of: (line) => line.label },
    { name: book.by, kind: "text", of: (line) => line.key },
    { name: "presence", kind: "text", of: (line) => line.presence },
    { name: "cost", kind: "number", of: (line) => line.cost },
    { name: "calls", kind: "number", of: (line) => line.calls },
    { name: "unpriced_calls", kind: "number", of: (line) => line.unpriced_calls },
    ...TOKEN_BUCKETS.map((name) => ({ name, kind: "number" as const, of: (line: Line) => line.tokens[name] })),
    { name: "reported_cost", kind: "number", of: (line) => line.reported_cost },
    { name: "computed_cost", kind: "number", of: (line) => line.computed_cost },
    { name: "previous_month", kind: "text", of: () => book.previous_month },
    { name: "previous_cost", kind: "number", of: (line) => line.previous.cost },
    { name: "previous_calls", kind: "number", of: (line) => line.previous.calls },
    { name: "previous_unpriced_calls", kind: "number", of: (line) => line.previous.unpriced_calls },
    { name: "change", kind: "number", of: (line) => line.change },
    { name: "currency", kind: "text", of: () => book.currency },
    { name: "zone", kind: "text", of: () => book.tz },
  ]
}

export type MonthFile = { text: string; sha256: string }

/**
 * A report as a file. Its last line, `# control`, names the number of rows, the sum, and SHA-256 over every byte before that line:
 * `head -n -1 FILE | sha256sum` gives it again. The line before, `# total`, is part of what is hashed.
 */
export function monthFile(book: MonthBook): MonthFile {
  const columns = columnsOf(book)
  const body = [
    csvHeader(columns),
    ...book.rows.map((row) =>
      csvLine(columns, { ...row, label: book.month, presence: row.presence === "both" ? null : row.presence }),
    ),
    csvLine(columns, { ...book.total, label: "# total", key: book.narrowed || null, presence: null }),
  ].join("")
  const sha256 = createHash("sha256").update(body).digest("hex")
  const cells = [`"# control"`, `"rows: ${book.rows.length}"`, `"sha256: ${sha256}"`, book.total.cost ?? ""]
  const control = `${cells.join(",")}${",".repeat(columns.length - cells.length)}\r\n`
  return { text: body + control, sha256 }
}
