import type { Metadata } from "next"
import { requireViewer } from "@/access/page"
import { listSessions } from "@/access/sessions"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { sessionsQuery } from "@/components/data/settings"
import { AccountView } from "@/components/settings/account-view"

export const metadata: Metadata = { title: "Your account" }

export default function AccountPage({ searchParams }: PageProps<"/settings/account">) {
  const input = { path: "/settings/account", searchParams, permission: "spend.read" } as const
  return openPage(input, async ({ client }) => {
    await client.prefetchQuery({ ...sessionsQuery(), queryFn: async () => listSessions(await requireViewer()) })
    return <AccountView />
  })
}
