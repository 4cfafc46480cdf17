import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { withProject } from "@/db/client"
import { type FacetsAsked, getFacets } from "@/db/queries/facets"
import { FACETS } from "@/lib/contracts/facets"
import { AppError } from "@/lib/errors"
import { parseFilters } from "@/lib/filters"

const LONGEST = 200

export const GET = route(async (context) => {
  const { project } = await authorize(context, "runs.read")
  const { searchParams } = context.url
  const filters = parseFilters(searchParams)
  return await withProject(project.id, (tx) => getFacets(tx, filters, Date.now(), askedOf(searchParams)))
})

/** `facet` names one of them, `find` is a part of the names wanted. */
function askedOf(params: URLSearchParams): FacetsAsked {
  const name = params.get("facet") || null
  const only = FACETS.find((facet) => facet === name) ?? null
  if (name !== null && only === null)
    throw new AppError("invalid_filter", `facet must be one of ${FACETS.join(", ")}.`, { field: "facet" })
  const find = params.get("find") || null
  if (find !== null && (find.length > LONGEST || /[\0\p{Surrogate}]/u.test(find)))
    throw new AppError("invalid_filter", `find is text of up to ${LONGEST} characters.`, { field: "find" })
  return { only, find }
}
