import type { ProjectRef } from "@/access/actor"
import type { projects } from "@/db/schema/projects"

export function toProjectRef(row: typeof projects.$inferSelect): ProjectRef {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    zone: row.zone,
    currency: row.currency,
    prefersReportedCost: row.prefers_reported_cost,
    isDemo: row.is_demo,
  }
}
