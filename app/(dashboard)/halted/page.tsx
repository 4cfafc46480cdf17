import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { HALTS_DEFAULTS, haltsQuery } from "@/components/data/runs"
import { HaltedView } from "@/components/halted/halted-view"
import { listHalts } from "@/db/queries/halts"

export const metadata: Metadata = { title: "Halted" }

export default function HaltedPage({ searchParams }: PageProps<"/halted">) {
  return openPage(
    { path: "/halted", searchParams, permission: "runs.read", defaults: HALTS_DEFAULTS },
    async (page) => {
      const { client, filters, inProject, now } = page
      await client.prefetchQuery({
        ...haltsQuery(filters),
        queryFn: () => inProject((tx) => listHalts(tx, filters, now)),
      })
      return <HaltedView />
    },
  )
}
