/**
 * A sum of money as a reader gets it: null when calls ran and none of them has a price, because that sum is unknown and not zero.
 * @param cost the sum over what is priced, `"0"` when nothing is.
 */
export function known(cost: string, calls: number, unpricedCalls: number): string | null {
  return cost === "0" && calls > 0 && calls === unpricedCalls ? null : cost
}
