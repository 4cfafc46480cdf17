import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { periodQuery } from "@/components/data/periods"
import { monthReportQuery } from "@/components/data/reports"
import { ReportsView } from "@/components/reports/reports-view"
import { getMonthReport } from "@/db/queries/month-report"
import { getPeriod } from "@/db/queries/periods"
import { parseMonth, REPORT_DEFAULTS } from "@/lib/month"

export const metadata: Metadata = { title: "Reports" }

export default function ReportsPage({ searchParams }: PageProps<"/reports">) {
  return openPage(
    { path: "/reports", searchParams, permission: "spend.read", defaults: REPORT_DEFAULTS },
    async ({ client, filters, inProject, now }) => {
      const month = parseMonth((await searchParams).month)
      await client.prefetchQuery({
        ...monthReportQuery(filters, month),
        queryFn: () => inProject((tx) => getMonthReport(tx, filters, month, now)),
      })
      const chosen = client.getQueryData(monthReportQuery(filters, month).queryKey)?.month
      const slug = (await searchParams).project
      if (chosen !== undefined)
        await client.prefetchQuery({
          ...periodQuery(typeof slug === "string" ? slug : null, chosen),
          queryFn: () => inProject((tx) => getPeriod(tx, chosen, now)),
        })
      return <ReportsView />
    },
  )
}
