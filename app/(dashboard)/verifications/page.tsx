import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import {
  listFilters,
  seriesFilters,
  VERIFICATIONS_DEFAULTS,
  verificationSeriesQuery,
  verificationsQuery,
} from "@/components/data/verifications"
import { VerificationsView } from "@/components/verifications/verifications-view"
import { getVerificationSeries, listVerifications } from "@/db/queries/verifications"

export const metadata: Metadata = { title: "Verifications" }

export default function VerificationsPage({ searchParams }: PageProps<"/verifications">) {
  const input = {
    path: "/verifications",
    searchParams,
    permission: "runs.read",
    defaults: VERIFICATIONS_DEFAULTS,
  } as const
  return openPage(input, async ({ client, filters, inProject, now }) => {
    const [list, series] = [listFilters(filters), seriesFilters(filters)]
    await Promise.all([
      client.prefetchQuery({
        ...verificationsQuery(list),
        queryFn: () => inProject((tx) => listVerifications(tx, list, now)),
      }),
      client.prefetchQuery({
        ...verificationSeriesQuery(series),
        queryFn: () => inProject((tx) => getVerificationSeries(tx, series, now)),
      }),
    ])
    return <VerificationsView />
  })
}
