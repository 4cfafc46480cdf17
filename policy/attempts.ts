import type { Boundary } from "@/ingest/span-state"
import { compareText, orderOf } from "@/lib/order"

/** A span of kind `step` with what its events named. */
export type StepFacts = { step: string; boundaries: readonly Boundary[] }

/** One execution of a step; `ids` are the events that tell of it, its start first. */
export type Attempt = {
  start: number
  end: number | null
  outcome: Boundary["outcome"]
  startedAt: number
  endedAt: number | null
  ids: string[]
}
type Placed = Boundary & { step: string; track: number }

/** The attempts of every step, starts and ends as positions in one order over the whole run, so that they compare. */
export function attemptsByStep(steps: readonly StepFacts[]): Map<string, Attempt[]> {
  const tracks = steps.map(({ step, boundaries }, track) =>
    boundaries.map((boundary): Placed => ({ ...boundary, step, track })),
  )
  const all = tracks.flat()
  const placed = all.every((item) => item.seq !== null) ? all.sort(orderOf(all)) : placeByTime(tracks)
  const open = new Map<number, Attempt>()
  const attempts = new Map<string, Attempt[]>()
  placed.forEach((item, position) => {
    const begun = item.kind === "end" ? open.get(item.track) : undefined
    if (begun) {
      open.delete(item.track)
      begun.end = position
      begun.outcome = item.outcome
      begun.endedAt = item.at
      if (item.id !== begun.ids[0]) begun.ids.push(item.id)
      return
    }
    const isEnd = item.kind === "end"
    const attempt: Attempt = {
      start: position,
      end: isEnd ? position : null,
      outcome: isEnd ? item.outcome : null,
      startedAt: item.at,
      endedAt: isEnd ? item.at : null,
      ids: [item.id],
    }
    if (!isEnd) open.set(item.track, attempt)
    const known = attempts.get(item.step)
    if (known) known.push(attempt)
    else attempts.set(item.step, [attempt])
  })
  return attempts
}

/**
 * Without numbers time decides, and at the same instant what ends comes before what begins: the next step may start when the last one ends.
 * What begins and ends at that instant lies in between, whole. A total order of the set: ties go by event id.
 */
function placeByTime(tracks: readonly (readonly Placed[])[]): Placed[] {
  const ranked: { item: Placed; rank: number; first: string; index: number }[] = []
  for (const track of tracks) {
    const byTime = [...track].sort((a, b) => a.at - b.at || compareText(a.id, b.id))
    const first = byTime.reduce((least, { id }) => (id < least ? id : least), byTime[0]?.id ?? "")
    let isOpen = false
    for (let from = 0, to = 0; from < byTime.length; from = to) {
      while (to < byTime.length && byTime[to]?.at === byTime[from]?.at) to++
      const group = byTime.slice(from, to)
      const starts = group.filter((item) => item.kind === "start")
      const ends = group.filter((item) => item.kind === "end")
      const own: typeof ranked = []
      while (starts.length + ends.length > 0) {
        const isEnd: boolean = starts.length === 0 || (isOpen && ends.length > 0)
        const item = (isEnd ? ends : starts).shift() as Placed
        own.push({ item, rank: isEnd && own.length === 0 ? 0 : 1, first, index: ranked.length + own.length })
        isOpen = !isEnd
      }
      const last = own.at(-1)
      if (last && isOpen) last.rank = 2
      ranked.push(...own)
    }
  }
  return ranked
    .sort((a, b) => a.item.at - b.item.at || a.rank - b.rank || compareText(a.first, b.first) || a.index - b.index)
    .map(({ item }) => item)
}
