"use client"

import { KIND_WORDS } from "@/components/exceptions/words"
import { Choose } from "@/components/ui/choose"
import type { ExceptionList } from "@/lib/contracts/exceptions"
import { SEVERITY_WORDS } from "@/lib/exception-words"
import type { Filters } from "@/lib/filters"
import { formatCount } from "@/lib/format"
import { EXCEPTION_KINDS, type ExceptionKind, SEVERITIES, type Severity } from "@/lib/vocabulary"

type QueueFiltersProps = {
  filters: Filters
  change: (change: Partial<Filters>) => void
  kinds: ExceptionList["kinds"] | undefined
}

/** What raised it, and how much it matters. An address may name several; a choice names one or all. */
export function QueueFilters({ filters, change, kinds }: QueueFiltersProps) {
  const number = (kind: ExceptionKind) =>
    kinds ? ` (${formatCount(kinds[kind].value)}${kinds[kind].is_capped ? "+" : ""})` : ""
  const several = "several" as const
  const kind = filters.kind.length > 1 ? several : (filters.kind[0] ?? "all")
  const severity = filters.severity.length > 1 ? several : (filters.severity[0] ?? "all")
  return (
    <div className="queue-filters">
      <Choose<ExceptionKind | "all" | "several">
        label="Kind"
        isPlain
        value={kind}
        options={[
          ["all", "All kinds"],
          ...EXCEPTION_KINDS.map((one) => [one, `${KIND_WORDS[one].many}${number(one)}`] as const),
          ...(kind === several ? ([[several, "Several kinds"]] as const) : []),
        ]}
        onChange={(next) => next !== several && change({ kind: next === "all" ? [] : [next] })}
      />
      <Choose<Severity | "all" | "several">
        label="Severity"
        isPlain
        value={severity}
        options={[
          ["all", "All severities"],
          ...SEVERITIES.map((one) => [one, SEVERITY_WORDS[one]] as const),
          ...(severity === several ? ([[several, "Several severities"]] as const) : []),
        ]}
        onChange={(next) => next !== several && change({ severity: next === "all" ? [] : [next] })}
      />
    </div>
  )
}
