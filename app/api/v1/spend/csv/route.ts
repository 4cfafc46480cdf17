import { auditAct } from "@/access/audit"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { getSpend } from "@/db/queries/spend"
import { parseFilters, toQuery } from "@/lib/filters"
import { shownCsv } from "./shown-csv"

/** What Spend shows under the same address, as CSV. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "spend.read")
  const filters = parseFilters(context.url.searchParams)
  const spend = await withProject(actor.project.id, async (tx) => {
    const answer = await getSpend(tx, filters, Date.now())
    await auditAct(tx, actor, { action: "spend.exported", target: toQuery(filters) }, context)
    return answer
  })
  const { text, rows } = shownCsv(spend, filters)
  const slug = actor.project.slug.replace(/[^a-z0-9-]/g, "")
  const name = `andon-spend-${slug}-${spend.range.from.slice(0, 10)}-${spend.range.to.slice(0, 10)}.csv`
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "private, no-store",
      "x-andon-control-total": spend.total.cost ?? "",
      "x-andon-control-rows": String(rows),
    },
  })
})
