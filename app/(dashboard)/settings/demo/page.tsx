import type { Metadata } from "next"
import { demoState } from "@/access/demo"
import { requireViewer } from "@/access/page"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { demoQuery } from "@/components/data/settings"
import { DemoView } from "@/components/settings/demo-view"

export const metadata: Metadata = { title: "Demo data" }

export default function DemoPage({ searchParams }: PageProps<"/settings/demo">) {
  const input = { path: "/settings/demo", searchParams, permission: "project.manage" } as const
  return openPage(input, async ({ client }) => {
    await client.prefetchQuery({ ...demoQuery(), queryFn: async () => demoState(await requireViewer()) })
    return <DemoView />
  })
}
