import { auditAct } from "@/access/audit"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { getMonthBook, getMonthReport } from "@/db/queries/month-report"
import { AppError } from "@/lib/errors"
import { parseFilters, toQuery } from "@/lib/filters"
import { parseMonth, REPORT_DEFAULTS } from "@/lib/month"
import { monthFile } from "@/lib/month-csv"

/** One month by one dimension: JSON for the page, or with `format=csv` the file, which is recorded in the audit log. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "spend.read")
  const { searchParams } = context.url
  const format = searchParams.get("format") ?? "json"
  if (format !== "json" && format !== "csv")
    throw new AppError("invalid_filter", "format must be json or csv.", { field: "format" })
  const filters = parseFilters(searchParams, REPORT_DEFAULTS)
  const asked = parseMonth(searchParams.get("month"))
  const now = Date.now()
  if (format === "json") return await withProject(actor.project.id, (tx) => getMonthReport(tx, filters, asked, now))
  const book = await withProject(actor.project.id, async (tx) => {
    const made = await getMonthBook(tx, filters, asked, now)
    const target = toQuery(filters, REPORT_DEFAULTS)
    await auditAct(
      tx,
      actor,
      {
        action: "report.exported",
        target: `month=${made.month}${target ? `&${target}` : ""}`,
      },
      context,
    )
    return made
  })
  const { text, sha256 } = monthFile(book)
  // The name is ours: a slug, a month and a word of ours, nothing that a stranger wrote.
  const name = `andon-${actor.project.slug.replace(/[^a-z0-9-]/g, "")}-${book.month}-by-${book.by}.csv`
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      "x-andon-control-total": book.total.cost ?? "",
      "x-andon-control-rows": String(book.rows.length),
      "x-andon-control-sha256": sha256,
    },
  })
})
