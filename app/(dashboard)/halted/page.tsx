import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { alertsHealthQuery } from "@/components/data/alerts-health"
import { EXCEPTIONS_DEFAULTS, exceptionsQuery } from "@/components/data/exceptions"
import { QueueView } from "@/components/exceptions/queue-view"
import { alertsHealth } from "@/db/queries/alerts-health"
import { listExceptions } from "@/db/queries/exceptions"

export const metadata: Metadata = { title: "Halted" }

/** The queue with nothing but halts in it. */
export default function HaltedPage({ searchParams }: PageProps<"/halted">) {
  return openPage(
    { path: "/halted", searchParams, permission: "runs.read", defaults: EXCEPTIONS_DEFAULTS },
    async (page) => {
      const { client, inProject, now } = page
      const filters = { ...page.filters, kind: ["halt" as const] }
      await Promise.all([
        client.prefetchQuery({
          ...exceptionsQuery(filters),
          queryFn: () => inProject((tx) => listExceptions(tx, filters, now)),
        }),
        client.prefetchQuery({ ...alertsHealthQuery(filters.project), queryFn: () => inProject(alertsHealth) }),
      ])
      return <QueueView only="halt" />
    },
  )
}
