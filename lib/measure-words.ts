/** What crossed a limit, as its finding says it: plain decimals, or words where there is nothing to measure. */
export type Measured = { observed: string | null; limit: string | null; unit: string | null }

const isNumber = (text: string | null): boolean => text !== null && /^[\d.]+$/.test(text)

/** "observed 42 steps", "limit 40": exact. Words carry no unit, they say it themselves. Null where nothing was measured. */
export function measureWords({ observed, limit, unit }: Measured): { observed: string; limit: string | null } | null {
  if (observed === null || observed === "") return null
  const named = isNumber(observed) && unit ? `${observed} ${unit}` : observed
  return { observed: `observed ${named}`, limit: limit === null || limit === "" ? null : `limit ${limit}` }
}

/** Whether both are numbers: what is not stands in the sentence of its rule already. */
export const isMeasured = ({ observed, limit }: Measured): boolean => isNumber(observed) && isNumber(limit)
