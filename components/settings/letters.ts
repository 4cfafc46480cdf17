import { pageHref } from "@/components/data/href"
import type { Source } from "@/lib/contracts/quality"
import { DOORS } from "@/lib/doors"
import { DEFAULT_FILTERS } from "@/lib/filters"

/** What is kept of a source's refused items, to look at and to send again; of one reason, or of all. */
export function lettersHref(project: string | null, { key, format }: Source, code: string | null): string {
  return pageHref("/settings/ingest", {
    ...DEFAULT_FILTERS,
    project,
    code,
    door: DOORS.find((door) => door === format) ?? null,
    dimensions: key === null ? {} : { key: [key.public_id] },
  })
}
