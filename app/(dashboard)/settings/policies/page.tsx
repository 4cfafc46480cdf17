import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { policiesQuery, policyVersionsQuery } from "@/components/data/policies"
import { PoliciesView } from "@/components/settings/policies-view"
import { listPolicyVersions, readPolicyList } from "@/db/queries/policies"

export const metadata: Metadata = { title: "Policies" }

export default function PoliciesPage({ searchParams }: PageProps<"/settings/policies">) {
  const input = { path: "/settings/policies", searchParams, permission: "runs.read" } as const
  return openPage(input, async ({ client, filters, inProject, may }) => {
    const workflow = filters.dimensions.workflow?.[0] ?? ""
    await Promise.all([
      client.prefetchQuery({
        ...policiesQuery(filters.project),
        queryFn: () => inProject(readPolicyList),
      }),
      client.prefetchInfiniteQuery({
        ...policyVersionsQuery(filters.project, workflow),
        queryFn: async () => ({
          ...(await inProject((tx) => listPolicyVersions(tx, workflow, null))),
          count: null,
        }),
      }),
    ])
    return <PoliciesView mayManage={may("policies.manage")} />
  })
}
