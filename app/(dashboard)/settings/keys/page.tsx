import type { Metadata } from "next"
import { listKeys } from "@/access/keys"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { keysQuery } from "@/components/data/settings"
import { KeysView } from "@/components/settings/keys-view"

export const metadata: Metadata = { title: "Ingest keys" }

export default function KeysPage({ searchParams }: PageProps<"/settings/keys">) {
  const input = { path: "/settings/keys", searchParams, permission: "keys.manage" } as const
  return openPage(input, async ({ client, actor, filters, now }) => {
    await client.prefetchQuery({ ...keysQuery(filters.project), queryFn: () => listKeys(actor, now) })
    return <KeysView />
  })
}
