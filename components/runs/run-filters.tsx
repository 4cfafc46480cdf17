"use client"

import type { FormEvent } from "react"
import { Choose } from "@/components/ui/choose"
import type { Filters } from "@/lib/filters"
import { PROOFS, type Proof, RUN_STATUSES, type RunStatus } from "@/lib/vocabulary"

/** Status, proof, and a run's id or its beginning. Workflow and the like are narrowed by their links. */
export function RunFilters({ filters, change }: { filters: Filters; change: (change: Partial<Filters>) => void }) {
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get("q")).trim()
    change({ q: text === "" ? null : text })
  }
  const any = ["any", "any"] as const
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Choose
        label="Status"
        value={filters.status[0] ?? "any"}
        options={[any, ...RUN_STATUSES.map((status) => [status, status] as const)]}
        onChange={(value: RunStatus | "any") => change({ status: value === "any" ? [] : [value] })}
      />
      <Choose
        label="Proof"
        value={filters.proof[0] ?? "any"}
        options={[any, ...PROOFS.map((proof) => [proof, proof] as const)]}
        onChange={(value: Proof | "any") => change({ proof: value === "any" ? [] : [value] })}
      />
      <form onSubmit={find} className="flex items-center gap-2">
        <label className="flex items-center gap-2 text-label text-ink-11">
          Run id
          <input
            key={filters.q}
            name="q"
            type="search"
            defaultValue={filters.q ?? ""}
            placeholder="or its beginning"
            className="field w-44"
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <button type="submit" className="button">
          Find
        </button>
      </form>
    </div>
  )
}
