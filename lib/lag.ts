/** How late events come: limits of the counts that ingest keeps, in milliseconds. The names are columns of `source_counters`. */
export const LAG_COLUMNS = [
  ["lag_1s", 1_000],
  ["lag_5s", 5_000],
  ["lag_30s", 30_000],
  ["lag_2m", 120_000],
  ["lag_10m", 600_000],
  ["lag_1h", 3_600_000],
  ["lag_6h", 21_600_000],
  ["lag_1d", 86_400_000],
] as const
export const LAG_LIMITS: readonly number[] = LAG_COLUMNS.map(([, limit]) => limit)

/**
 * The limit that at least this share of the events kept: 0.5 is "half of them came within …".
 * @returns milliseconds; `Infinity` when it lies beyond the last limit, null for no events.
 */
export function lagWithin(counts: readonly number[], share: number): number | null {
  const all = counts.reduce((sum, n) => sum + n, 0)
  if (all === 0) return null
  let seen = 0
  for (const [i, n] of counts.entries()) {
    seen += n
    // In whole numbers: 0.95 of 20 is 19 and not a hair more.
    if (seen * 100 >= all * Math.round(share * 100)) return LAG_LIMITS[i] ?? Number.POSITIVE_INFINITY
  }
  return Number.POSITIVE_INFINITY
}
