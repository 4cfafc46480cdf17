import type { Metadata } from "next"
import { openPage } from "@/app/(dashboard)/_lib/page"
import { exceptionNumbersQuery } from "@/components/data/exception-numbers"
import { NumbersView } from "@/components/exceptions/numbers-view"
import { getExceptionNumbers } from "@/db/queries/exception-numbers"

export const metadata: Metadata = { title: "How the queue does" }

export default async function NumbersPage({ searchParams }: PageProps<"/exceptions/numbers">) {
  const { project } = await searchParams
  return await openPage({ path: "/exceptions/numbers", searchParams, permission: "runs.read" }, async (page) => {
    const { client, inProject, now } = page
    await client.prefetchQuery({
      ...exceptionNumbersQuery(typeof project === "string" ? project : null),
      queryFn: () => inProject((tx) => getExceptionNumbers(tx, now)),
    })
    return <NumbersView />
  })
}
