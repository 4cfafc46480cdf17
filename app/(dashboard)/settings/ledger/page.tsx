import type { Metadata } from "next"
import { ledgerHealth } from "@/access/ledger-check"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { ledgerQuery } from "@/components/data/settings"
import { LedgerView } from "@/components/settings/ledger-view"

export const metadata: Metadata = { title: "Ledger" }

export default function LedgerPage({ searchParams }: PageProps<"/settings/ledger">) {
  const input = { path: "/settings/ledger", searchParams, permission: "spend.read" } as const
  return openPage(input, async ({ client, actor, filters, may }) => {
    await client.prefetchQuery({ ...ledgerQuery(filters.project), queryFn: () => ledgerHealth(actor) })
    return <LedgerView mayCheck={may("project.manage")} />
  })
}
