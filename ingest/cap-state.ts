import type { HardCaps } from "@/db/queries/budget-cap"
import type { SpendDelta } from "./contribution"

/** What a process knows of a project's hard caps. `noted`: what it spent itself while they were being read. */
export type CapState = {
  known: HardCaps
  readAt: number
  reading: Promise<void> | null
  noted: SpendDelta[]
  isPartial: boolean
}
const holder = globalThis as typeof globalThis & { andonCaps?: Map<number, CapState> }
holder.andonCaps ??= new Map()
const states = holder.andonCaps

/** The caps of a project have changed. */
export const forgetCaps = (projectId: number): void => void states.delete(projectId)

/** Counts what a commit of this process spent against the caps that it knows; for a project without any it is one look-up. */
export function noteSpend(deltas: Iterable<SpendDelta>): void {
  for (const delta of deltas) {
    const state = states.get(delta.projectId)
    if (!state) continue
    if (state.reading) state.noted.push(delta)
    countSpend(state, delta)
  }
}

export function countSpend(state: CapState, { dimensionSetId, bucket, sums }: SpendDelta): void {
  const { caps, sets, lastSet } = state.known
  if (caps.length === 0 || sums.cost === 0n) return
  // A combination that was made since: which budgets it counts to only the database knows.
  if (dimensionSetId > lastSet) state.isPartial = true
  for (const id of sets.get(dimensionSetId) ?? []) {
    const cap = caps.find(({ terms }) => terms.id === id)
    if (cap && bucket >= Date.parse(cap.period.from) && bucket < Date.parse(cap.period.to)) cap.used += sums.cost
  }
}

export function stateOf(projectId: number): CapState {
  const known = { caps: [], sets: new Map(), lastSet: 0 }
  const state = states.get(projectId) ?? { known, readAt: 0, reading: null, noted: [], isPartial: false }
  states.set(projectId, state)
  return state
}
