import type { Metadata } from "next"
import { listAudit } from "@/access/audit"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { auditQuery } from "@/components/data/settings"
import { AuditView } from "@/components/settings/audit-view"

export const metadata: Metadata = { title: "Audit log" }

export default function AuditPage({ searchParams }: PageProps<"/settings/audit">) {
  const input = { path: "/settings/audit", searchParams, permission: "audit.read" } as const
  return openPage(input, async ({ client, actor, filters }) => {
    await client.prefetchInfiniteQuery({
      ...auditQuery(filters.project),
      queryFn: () => listAudit(actor, { cursor: null, limit: 50 }),
    })
    return <AuditView />
  })
}
