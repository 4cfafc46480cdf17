import { ACCESS } from "./operations/access"
import { ACTS } from "./operations/acts"
import { ALERTS } from "./operations/alerts"
import { BUDGETS } from "./operations/budgets"
import { EXCEPTIONS } from "./operations/exceptions"
import { LEDGER } from "./operations/ledger"
import type { Operation } from "./operations/operation"
import { PAGES } from "./operations/pages"
import { POLICIES } from "./operations/policies"
import { PRICES } from "./operations/prices"
import { RUNS } from "./operations/runs"
import { SPEND } from "./operations/spend"
import { VERIFICATIONS } from "./operations/verifications"

export type { Operation } from "./operations/operation"
export { ANSWERS, BODIES } from "./operations/schemas"

/** The API, noun by noun, in the order of the document; a new address goes into the file of its noun. */
export const OPERATIONS: readonly Operation[] = [
  ...LEDGER,
  ...SPEND,
  ...RUNS,
  ...ACTS,
  ...PAGES,
  ...EXCEPTIONS,
  ...VERIFICATIONS,
  ...ACCESS,
  ...POLICIES,
  ...PRICES,
  ...BUDGETS,
  ...ALERTS,
]
