import { showAmount, tokensOf } from "@/components/charts/prepare/amounts"
import type { Spend, SpendFigures, SpendGroup } from "@/lib/contracts/read"
import { DIMENSION_WORDS, groupLabel } from "@/lib/dimension-words"
import type { Metric } from "@/lib/filters"
import { formatCount, formatMoneyShare, formatShare, plural } from "@/lib/format"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"

/** A total in the measure of the page, exact; null = unpriced. */
export const figureOf = (figures: SpendFigures, metric: Metric): string | null =>
  metric === "cost" ? figures.cost : String(metric === "calls" ? figures.calls : tokensOf(figures.tokens))

const VERBS: Record<Metric, string> = { cost: "spent", tokens: "tokens used", calls: "calls made" }

/** The first line of Spend, said from its data: the sum, who is most of it, what is missing from it. */
export function spendSentence(
  spend: Spend,
  range: string,
  metric: Metric = "cost",
  isNarrowed = false,
): { figure: string; rest: string; missing: string | null } {
  const { total, by } = spend
  const whole = figureOf(total, metric)
  const figure = metric === "cost" ? displayMoney(whole, spend.currency) : showAmount(whole, metric, spend.currency)
  const missing =
    total.unpriced_calls === 0 || metric !== "cost"
      ? null
      : `${formatCount(total.unpriced_calls)} of ${plural(total.calls, "call")} ${total.unpriced_calls === 1 ? "has" : "have"} no price and ${total.unpriced_calls === 1 ? "is" : "are"} not in it.`
  if (total.calls === 0 && total.cost === "0")
    return { figure, rest: `Nothing ${isNarrowed ? "that the filters let through " : ""}was spent ${range}.`, missing }
  if (whole === null)
    return { figure, rest: `${plural(total.calls, "call")} ran ${range}; none has a price.`, missing: null }
  const verb = VERBS[metric]
  const [dimension] = by
  const first = spend.groups.find((group) => !group.is_other && figureOf(group, metric) !== null)
  if (dimension === undefined || first === undefined) return { figure, rest: `${verb} ${range}.`, missing }
  const words = DIMENSION_WORDS[dimension]
  const share = formatMoneyShare(figureOf(first, metric), whole)
  if (by.length === 2)
    return { figure, rest: `${verb} ${range}; ${groupLabel(first, by)} is ${share ?? "all"} of it.`, missing }
  const among = `${plural(spend.group_count, words.one, words.many)}`
  return {
    figure,
    rest:
      spend.group_count === 1
        ? `${verb} ${range}, all on ${groupLabel(first, by)}.`
        : `${verb} ${range} over ${among}; ${groupLabel(first, by)} is ${share ?? "none"} of it.`,
    missing,
  }
}

/** Which group moved the sum the most since the period before, and by how much, exact; null where no single one stands out of the rest. */
export function moverOf(spend: Spend, metric: Metric): { group: SpendGroup; by: string } | null {
  if (spend.group_count < 2) return null
  const moves = spend.groups.map((group) => {
    const [now, before] = [figureOf(group, metric), group.previous && figureOf(group.previous, metric)]
    return now === null || before === null ? null : parseMoney(now) - parseMoney(before)
  })
  // What is not known may have moved more than all that is.
  if (moves.includes(null)) return null
  const whole = moves.reduce<bigint>((sum, move) => sum + (move ?? 0n), 0n)
  const along = moves.map((move) => (whole < 0n ? -(move ?? 0n) : (move ?? 0n)))
  const most = along.reduce((max, move) => (move > max ? move : max), 0n)
  const at = along.indexOf(most)
  const group = spend.groups[at]
  if (most === 0n || along.lastIndexOf(most) !== at || !group || group.is_other) return null
  return { group, by: formatMoney(whole < 0n ? -most : most) }
}

/** Of the input that a model read, how much came from its cache; null when it read none. */
export const cacheShare = ({ tokens }: Pick<SpendFigures, "tokens">): string | null =>
  formatShare(tokens.cache_read, tokens.input + tokens.cache_read)
