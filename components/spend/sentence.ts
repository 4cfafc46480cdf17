import type { Spend } from "@/lib/contracts/read"
import { DIMENSION_WORDS, groupLabel } from "@/lib/dimension-words"
import { formatMoneyShare, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** The first line of Spend, said from its data: the sum, who is most of it, what is missing from it. */
export function spendSentence(spend: Spend, range: string): { figure: string; rest: string; missing: string | null } {
  const { total, by } = spend
  const figure = displayMoney(total.cost, spend.currency)
  const missing =
    total.unpriced_calls === 0
      ? null
      : `${plural(total.unpriced_calls, "call")} of ${plural(total.calls, "call")} ${total.unpriced_calls === 1 ? "has" : "have"} no price and ${total.unpriced_calls === 1 ? "is" : "are"} not in it.`
  if (total.calls === 0 && total.cost === "0") return { figure, rest: `Nothing was spent ${range}.`, missing }
  if (total.cost === null)
    return { figure, rest: `${plural(total.calls, "call")} ran ${range}; none has a price.`, missing: null }
  const [dimension] = by
  const first = spend.groups.find((group) => !group.is_other && group.cost !== null)
  if (dimension === undefined || first === undefined) return { figure, rest: `spent ${range}.`, missing }
  const words = DIMENSION_WORDS[dimension]
  const share = formatMoneyShare(first.cost, total.cost)
  if (by.length === 2)
    return { figure, rest: `spent ${range}; ${groupLabel(first, by)} is ${share ?? "all"} of it.`, missing }
  const among = `${plural(spend.group_count, words.one, words.many)}`
  return {
    figure,
    rest:
      spend.group_count === 1
        ? `spent ${range}, all on ${groupLabel(first, by)}.`
        : `spent ${range} over ${among}; ${groupLabel(first, by)} is ${share ?? "none"} of it.`,
    missing,
  }
}
