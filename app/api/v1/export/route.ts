import { auditAct } from "@/access/audit"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { AppError } from "@/lib/errors"
import { parseFilters, toQuery } from "@/lib/filters"
import { exportSpendCsv } from "./spend-csv"

/** Spend of a range as CSV: one line a bucket (a day unless `grain` says otherwise) and combination of dimensions. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "spend.read")
  const format = context.url.searchParams.get("format") ?? "csv"
  if (format !== "csv") throw new AppError("invalid_filter", "format must be csv.", { field: "format" })
  const filters = parseFilters(context.url.searchParams)
  const answer = await exportSpendCsv(actor.project, filters, Date.now(), context.requestId)
  try {
    await withProject(actor.project.id, (tx) =>
      auditAct(
        tx,
        actor,
        {
          action: "spend.exported",
          target: toQuery(filters),
        },
        context,
      ),
    )
  } catch (error) {
    // What is not recorded is not handed out.
    await answer.body?.cancel()
    throw error
  }
  return answer
})
