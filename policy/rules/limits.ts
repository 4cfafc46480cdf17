import { displayMoney, formatMoney, type Money, parseMoney } from "@/lib/money"
import { DEFAULTS } from "../document"
import type { Finding } from "../types"
import { type Facts, finding, secondsText } from "./facts"

/**
 * T01 cost: more than `max_cost_run` over all attempts of the run; above `warn_ratio` of it there is an alarm, which the breach then takes the place of.
 * T03 duration: from the start to the end, or to the last that is known of a run that has none.
 * T15 heartbeat: nothing heard of a running run for longer than `heartbeat_s`.
 */
export function limitRules(facts: Facts): Finding[] {
  return [...costOfRun(facts), ...durationOfRun(facts), ...heartbeat(facts)]
}

const TEN_THOUSANDTHS = 10_000n

function costOfRun({ policy, run }: Facts): Finding[] {
  if (policy.max_cost_run === undefined) return []
  const limit = parseMoney(policy.max_cost_run)
  if (run.cost > limit)
    return finding(policy, "T01", "halt", {
      ...money(run.cost, limit),
      text: `The run cost ${told(run.cost, limit)}, over its limit of ${told(limit, run.cost)}.`,
    })
  const share = BigInt(Math.round((policy.warn_ratio ?? DEFAULTS.warnRatio) * 10_000))
  const warnAt = (limit * share) / TEN_THOUSANDTHS
  if (run.cost * TEN_THOUSANDTHS <= limit * share) return []
  return finding(policy, "T01", "alarm", {
    ...money(run.cost, warnAt),
    action: "alarm",
    text: `The run cost ${told(run.cost, warnAt)}, over ${Number(share) / 100} % of its limit of ${displayMoney(formatMoney(limit))}.`,
  })
}

const money = (observed: Money, limit: Money) => ({
  observed: formatMoney(observed),
  limit: formatMoney(limit),
  unit: "USD",
})

/** As pages show it, unless that would make two amounts look the same. */
function told(amount: Money, other: Money): string {
  const shown = displayMoney(formatMoney(amount))
  return shown === displayMoney(formatMoney(other)) ? `$${formatMoney(amount)}` : shown
}

function durationOfRun({ policy, run }: Facts): Finding[] {
  if (policy.max_duration_s === undefined) return []
  const lasted = (run.endedAt ?? run.asOf) - run.startedAt
  if (lasted <= policy.max_duration_s * 1000) return []
  return finding(policy, "T03", "halt", {
    observed: secondsText(lasted),
    limit: String(policy.max_duration_s),
    unit: "s",
    text: `The run took ${secondsText(lasted)} s, longer than ${policy.max_duration_s} s.`,
  })
}

function heartbeat({ policy, run, isOpen }: Facts): Finding[] {
  if (policy.heartbeat_s === undefined || !isOpen) return []
  const silent = run.asOf - run.lastEventAt
  if (silent <= policy.heartbeat_s * 1000) return []
  return finding(policy, "T15", "alarm", {
    observed: secondsText(silent),
    limit: String(policy.heartbeat_s),
    unit: "s",
    text: `Nothing was heard of the run for ${secondsText(silent)} s, longer than ${policy.heartbeat_s} s.`,
  })
}
