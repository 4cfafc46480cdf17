import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { deadLettersQuery } from "@/components/data/settings"
import { IngestView } from "@/components/settings/ingest-view"
import { listDeadLetters } from "@/db/queries/dead-letters"

export const metadata: Metadata = { title: "Ingest warnings" }

export default function IngestPage({ searchParams }: PageProps<"/settings/ingest">) {
  const input = { path: "/settings/ingest", searchParams, permission: "dead_letters.read" } as const
  return openPage(input, async ({ client, filters, inProject, may }) => {
    await client.prefetchInfiniteQuery({
      ...deadLettersQuery(filters),
      queryFn: () => inProject((tx) => listDeadLetters(tx, { ...filters, cursor: null })),
    })
    return <IngestView mayReplay={may("dead_letters.replay")} />
  })
}
