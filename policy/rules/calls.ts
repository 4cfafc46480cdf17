import type { Finding } from "../types"
import { capped, type Facts, finding } from "./facts"

/**
 * T14 unpriced cost: more than 5 % of the calls have none, or one of more than 100,000 tokens has none: the cost of the run is not what it seems.
 * T19 unapproved model: one that `allowed_models` does not name.
 */
export function callRules(facts: Facts): Finding[] {
  return [...unpriced(facts), ...models(facts)]
}

const UNPRICED_PERCENT = 5
const LARGEST_UNPRICED = 100_000

function unpriced({ policy, run }: Facts): Finding[] {
  if (run.unpricedCalls * 100 > run.calls * UNPRICED_PERCENT) {
    const share = (run.unpricedCalls * 100) / run.calls
    return finding(policy, "T14", "alarm", {
      // Enough digits that a share just over the limit is told from it.
      observed: share.toPrecision(6).replace(/\.?0+$/, ""),
      limit: String(UNPRICED_PERCENT),
      unit: "%",
      text: `${run.unpricedCalls} of ${run.calls} calls have no price, more than ${UNPRICED_PERCENT} %.`,
    })
  }
  if (run.largestUnpriced === null || run.largestUnpriced <= LARGEST_UNPRICED) return []
  return finding(policy, "T14", "alarm", {
    observed: String(run.largestUnpriced),
    limit: String(LARGEST_UNPRICED),
    unit: "tokens",
    text: `A call of ${run.largestUnpriced.toLocaleString("en-US")} tokens has no price, more than ${LARGEST_UNPRICED.toLocaleString("en-US")}.`,
  })
}

function models({ policy, run }: Facts): Finding[] {
  const allowed = policy.allowed_models
  if (!allowed) return []
  const found = [...new Set(run.models)]
    .filter((model) => !allowed.includes(model))
    .flatMap((model) =>
      finding(policy, "T19", "alarm", {
        subject: model,
        observed: model,
        limit:
          allowed.length <= 3 ? allowed.join(", ") : `${allowed.slice(0, 3).join(", ")} and ${allowed.length - 3} more`,
        unit: "model",
        text: `The run called “${model}”, which is not among its allowed models.`,
      }),
    )
  return capped(found)
}
