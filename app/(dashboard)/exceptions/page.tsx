import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { alertsHealthQuery } from "@/components/data/alerts-health"
import { EXCEPTIONS_DEFAULTS, exceptionsQuery } from "@/components/data/exceptions"
import { QueueView } from "@/components/exceptions/queue-view"
import { alertsHealth } from "@/db/queries/alerts-health"
import { listExceptions } from "@/db/queries/exceptions"

export const metadata: Metadata = { title: "Exceptions" }

export default function ExceptionsPage({ searchParams }: PageProps<"/exceptions">) {
  return openPage(
    { path: "/exceptions", searchParams, permission: "runs.read", defaults: EXCEPTIONS_DEFAULTS },
    async (page) => {
      const { client, filters, inProject, now } = page
      await Promise.all([
        client.prefetchQuery({
          ...exceptionsQuery(filters),
          queryFn: () => inProject((tx) => listExceptions(tx, filters, now)),
        }),
        client.prefetchQuery({ ...alertsHealthQuery(filters.project), queryFn: () => inProject(alertsHealth) }),
      ])
      return <QueueView only={null} />
    },
  )
}
