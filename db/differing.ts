/** `isDiffering` of lib/price-lines.ts for a row of `spans`, in SQL: the reported cost is off the computed one by more than 2 % of it. */
export const DIFFERING = "abs(reported_cost - computed_cost) > computed_cost * 0.02"
