import { pageHref } from "@/components/data/href"
import { DEFAULT_FILTERS } from "@/lib/filters"

/** Where a workflow's policy is read and changed; without a name the project's own. */
export function policyHref(project: string | null, workflow: string | null): string {
  const dimensions = workflow === null || workflow === "" ? {} : { workflow: [workflow] }
  return pageHref("/settings/policies", { ...DEFAULT_FILTERS, project, dimensions })
}
