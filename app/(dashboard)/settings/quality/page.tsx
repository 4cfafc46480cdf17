import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { QUALITY_DEFAULTS, sourceQualityQuery } from "@/components/data/quality"
import { QualityView } from "@/components/settings/quality-view"
import { getSourceQuality } from "@/db/queries/sources"

export const metadata: Metadata = { title: "Data quality" }

export default function QualityPage({ searchParams }: PageProps<"/settings/quality">) {
  const input = {
    path: "/settings/quality",
    searchParams,
    permission: "spend.read",
    defaults: QUALITY_DEFAULTS,
  } as const
  return openPage(input, async ({ client, filters, inProject, now }) => {
    await client.prefetchQuery({
      ...sourceQualityQuery(filters),
      queryFn: () => inProject((tx) => getSourceQuality(tx, filters, now)),
    })
    return <QualityView />
  })
}
