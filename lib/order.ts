/**
 * The order of events among their kin (of one span, the ends of one run, the steps of one run): by `seq` when every one has it, else by time;
 * ties by id. A rule over the whole set, so that it is a total order and never depends on arrival.
 */
export type Ordered = { seq: number | null; at: number; id: string }

export function orderOf(items: readonly Ordered[]): (a: Ordered, b: Ordered) => number {
  const bySeq = items.every((item) => item.seq !== null)
  return bySeq
    ? (a, b) => (a.seq as number) - (b.seq as number) || a.at - b.at || compareText(a.id, b.id)
    : (a, b) => a.at - b.at || compareText(a.id, b.id)
}

export function inOrder<T extends Ordered>(items: readonly T[]): T[] {
  return items.length < 2 ? items.slice() : items.slice().sort(orderOf(items))
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
