import { dehydrate, type QueryClient } from "@tanstack/react-query"
import { notFound, redirect } from "next/navigation"
import type { ReactNode } from "react"
import type { ProjectActor } from "@/access/actor"
import { requireProject } from "@/access/page"
import { can, type Permission } from "@/access/permissions"
import { findViewer } from "@/app/(dashboard)/_lib/viewer"
import { withQuery } from "@/components/data/http"
import { Hydrated } from "@/components/data/hydrated"
import { pack } from "@/components/data/pack"
import { makeQueryClient } from "@/components/data/query-client"
import { Link } from "@/components/ui/link"
import { type ProjectTx, withProject } from "@/db/client"
import { AppError } from "@/lib/errors"
import { type Filters, type PageDefaults, parseFilters } from "@/lib/filters"
import { logError } from "@/lib/http"

type SearchParams = Promise<Record<string, string | string[] | undefined>>

/** What a page's render function gets: who asks, for what, and the one `now` of this answer. */
export type PageContext = {
  actor: ProjectActor
  filters: Filters
  now: number
  client: QueryClient
  /** Runs a query in the viewer's project and no other. */
  inProject: <T>(work: (tx: ProjectTx) => Promise<T>) => Promise<T>
  may: (permission: Permission) => boolean
}

type PageInput = {
  path: string
  searchParams: SearchParams
  permission: Permission
  defaults?: PageDefaults
}

/**
 * The way into every page: session, project, permission, filters, in this order. Without a session it leads to the log-in and back; a foreign
 * project is not found; an address that cannot be read says which parameter is wrong. What `render` prefetched goes into the HTML.
 */
export async function openPage(
  input: PageInput,
  render: (page: PageContext) => Promise<ReactNode>,
): Promise<ReactNode> {
  const params = await input.searchParams
  const address = withQuery(input.path, toSearch(params).toString())
  if (!(await findViewer())) redirect(withQuery("/login", new URLSearchParams({ next: address }).toString()))
  try {
    const actor = await requireProject(params, input.permission)
    const client = makeQueryClient((error, key) => logError(`prefetch of ${key.slice(0, 2).join(" ")}`, error))
    const page: PageContext = {
      actor,
      filters: parseFilters(params, input.defaults),
      now: Date.now(),
      client,
      inProject: (work) => withProject(actor.project.id, work),
      may: (permission) => can(actor.role, permission),
    }
    const content = await render(page)
    return <Hydrated state={JSON.stringify(pack(dehydrate(client)))}>{content}</Hydrated>
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === "not_found") notFound()
    if (error.code === "invalid_filter" || error.code === "range_too_large")
      return (
        <Refused
          title="This address cannot be read"
          detail={error.message}
          path={input.path}
          action="Show the page without it"
        />
      )
    throw error
  }
}

function Refused({ title, detail, path, action }: { title: string; detail: string; path: string; action: string }) {
  return (
    <section role="alert" className="flex flex-col items-start gap-3">
      <h1 className="text-title">{title}</h1>
      <p className="text-ink-11">{detail}</p>
      <Link href={path} className="button">
        {action}
      </Link>
    </section>
  )
}

function toSearch(params: Awaited<SearchParams>): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params))
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) search.append(name, item)
  return search
}
