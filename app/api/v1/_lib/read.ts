import type { ProjectActor } from "@/access/actor"
import { type RouteContext, route } from "@/access/guard"
import { can, type Permission } from "@/access/permissions"
import { authorize } from "@/access/project"
import { type ProjectTx, withProject } from "@/db/client"
import { type Filters, parseFilters } from "@/lib/filters"

export type Question<T> = (tx: ProjectTx, filters: Filters, now: number, asked: Asked) => Promise<T>
/** What a question may need beside its filters: names in the path, and whether the reader may see payload. */
export type Asked = { params: Record<string, string>; withPayload: boolean; actor: ProjectActor }

/** A read of the API: authorise, read the filters, ask one question in the project's scope. */
export function read<T extends object>(permission: Permission, question: Question<T>) {
  return route(async (context: RouteContext) => {
    const actor = await authorize(context, permission)
    const filters = parseFilters(context.url.searchParams)
    const asked = { params: context.params, withPayload: can(actor.role, "payload.read"), actor }
    return await withProject(actor.project.id, (tx) => question(tx, filters, Date.now(), asked))
  })
}
