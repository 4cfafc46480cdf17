import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { monthReportQuery } from "@/components/data/reports"
import { ReportsView } from "@/components/reports/reports-view"
import { getMonthReport } from "@/db/queries/month-report"
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
      return <ReportsView />
    },
  )
}
