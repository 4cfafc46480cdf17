import { CRASHES } from "./crashes"
import { DAYS } from "./days"
import { DECISIONS } from "./decisions"
import { DRAINS } from "./drain"
import { DUPLICATES } from "./duplicates"
import type { Fault } from "./fault"
import { ORDER } from "./order"
import { POISON } from "./poison"
import { SIZES } from "./sizes"

/** Every fault that this version is tried against, by its number. */
export const FAULTS: readonly Fault[] = [
  ...CRASHES,
  ...DECISIONS,
  ...DUPLICATES,
  ...ORDER,
  ...SIZES,
  ...POISON,
  ...DRAINS,
  ...DAYS,
].sort((a, b) => (a.id < b.id ? -1 : 1))
