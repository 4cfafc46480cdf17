import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { EXCEPTIONS_DEFAULTS, exceptionsQuery } from "@/components/data/exceptions"
import { HaltedView } from "@/components/halted/halted-view"
import { listExceptions } from "@/db/queries/exceptions"

export const metadata: Metadata = { title: "Halted" }

export default function HaltedPage({ searchParams }: PageProps<"/halted">) {
  return openPage(
    { path: "/halted", searchParams, permission: "runs.read", defaults: EXCEPTIONS_DEFAULTS },
    async (page) => {
      const { client, filters, inProject, now } = page
      await client.prefetchQuery({
        ...exceptionsQuery(filters),
        queryFn: () => inProject((tx) => listExceptions(tx, filters, now)),
      })
      return <HaltedView />
    },
  )
}
