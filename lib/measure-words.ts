/** What crossed a limit, as its finding says it: plain decimals, or words where there is nothing to measure. */
export type Measured = { observed: string | null; limit: string | null; unit: string | null }

const isNumber = (text: string | null): boolean => text !== null && /^[\d.]+$/.test(text)

/** "42 steps": exact. Words carry no unit, they say it themselves. Null where nothing was measured. */
export function measured(value: string | null, unit: string | null): string | null {
  if (value === null || value === "") return null
  return isNumber(value) && unit ? `${value} ${unit}` : value
}

/** "observed 42 steps", "limit 40"; null where nothing was measured. */
export function measureWords({ observed, limit, unit }: Measured): { observed: string; limit: string | null } | null {
  const [what, most] = [measured(observed, unit), measured(limit, null)]
  return what === null ? null : { observed: `observed ${what}`, limit: most === null ? null : `limit ${most}` }
}

/** Whether both are numbers: what is not stands in the sentence of its rule already. */
export const isMeasured = ({ observed, limit }: Measured): boolean => isNumber(observed) && isNumber(limit)
