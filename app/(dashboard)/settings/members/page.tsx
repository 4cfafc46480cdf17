import type { Metadata } from "next"
import { listMembers } from "@/access/members"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { membersQuery } from "@/components/data/settings"
import { MembersView } from "@/components/settings/members-view"

export const metadata: Metadata = { title: "Members" }

export default function MembersPage({ searchParams }: PageProps<"/settings/members">) {
  const input = { path: "/settings/members", searchParams, permission: "members.manage" } as const
  return openPage(input, async ({ client, actor, filters }) => {
    await client.prefetchQuery({ ...membersQuery(filters.project), queryFn: () => listMembers(actor) })
    return <MembersView />
  })
}
