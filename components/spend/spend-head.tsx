"use client"

import { showAmount } from "@/components/charts/prepare/amounts"
import { perRun } from "@/components/charts/prepare/spend-bars"
import { periodOf } from "@/components/data/budgets"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { BudgetPace } from "@/components/frame/budget-pace"
import { deltaOf } from "@/components/spend/delta"
import { allHref, drillInto, unpricedHref } from "@/components/spend/links"
import { inBefore, rangeWords } from "@/components/spend/range-words"
import { cacheShare, figureOf, moverOf, spendSentence } from "@/components/spend/sentence"
import { useClock } from "@/components/ui/clock"
import { Link } from "@/components/ui/link"
import type { Spend } from "@/lib/contracts/read"
import { DIMENSION_WORDS, groupLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatCount, formatExact } from "@/lib/format"

type SpendHeadProps = {
  spend: Spend | undefined
  filters: Filters
  /** It could not be read: nothing is on its way. */
  isFailed: boolean
}

/** The answer in the first line: the sum, who is most of it; then what is missing from it and how it was before. */
export function SpendHead({ spend, filters, isFailed }: SpendHeadProps) {
  const { now } = useClock()
  if (!spend && isFailed) return <h1 className="text-title">Spend</h1>
  if (!spend)
    return (
      <div className="flex flex-col gap-2">
        <div className="skeleton h-9 w-2/3" />
        <div className="skeleton h-10 w-1/2" />
      </div>
    )
  const { metric } = filters
  const { figure, rest, missing } = spendSentence(
    spend,
    rangeWords(filters, spend.range, spend.tz, now),
    metric,
    Object.keys(filters.dimensions).length > 0,
  )
  const exact = figureOf(spend.total, metric)
  return (
    <div className="flex flex-col gap-1">
      <h1 className="flex flex-wrap items-baseline gap-x-3">
        <Link className="row-link text-headline font-strong" href={allHref(filters)} prefetch={false}>
          <span title={exact === null ? undefined : titleOf(exact, spend, filters)}>{figure}</span>
        </Link>
        <span className="min-w-0 break-words text-body font-normal text-ink-11">{rest}</span>
      </h1>
      <ul className="facts min-h-5">
        {missing ? (
          <li>
            <Link className="link text-alarm" href={unpricedHref(filters)} prefetch={false}>
              {missing}
            </Link>
          </li>
        ) : null}
        <Change spend={spend} filters={filters} />
        {spend.total.runs === null ? null : <PerRun spend={spend} filters={filters} />}
        {cacheShare(spend.total) === null ? null : (
          <li>
            <strong>{cacheShare(spend.total)}</strong> of the input came from a cache
          </li>
        )}
      </ul>
      {metric === "cost" ? <BudgetPace filters={filters} period={periodOf(filters)} /> : null}
    </div>
  )
}

function titleOf(exact: string, spend: Spend, { metric }: Filters): string {
  if (metric === "cost") return `${exact} ${spend.currency}`
  return metric === "calls" ? formatCount(Number(exact)) : `${formatCount(Number(exact))} tokens`
}

function Change({ spend, filters }: { spend: Spend; filters: Filters }) {
  const { now } = useClock()
  const { previous, currency, tz } = spend
  if (previous === null) return null
  const before = figureOf(previous.total, filters.metric)
  const show = (text: string) => showAmount(text, filters.metric, currency, true)
  const delta = deltaOf(figureOf(spend.total, filters.metric), before, show)
  const period = inBefore(filters, previous.range, tz, now)
  const href = allHref(filters, { at: previous.range.from, until: previous.range.to })
  return (
    <li title={`${formatExact(previous.range.from, tz)} to ${formatExact(previous.range.to, tz)}`}>
      {delta ? (
        <>
          <strong>{delta.amount}</strong> ({delta.words}) against{" "}
        </>
      ) : (
        "Cannot be set against "
      )}
      <Link className="link" href={href} prefetch={false}>
        <span title={before === null ? undefined : titleOf(before, spend, filters)}>
          {before === null ? "unpriced" : show(before)}
        </span>
      </Link>{" "}
      {period}
      <Mover spend={spend} filters={filters} />
    </li>
  )
}

/** Who the change is of: a way into it, and what it is by itself. */
function Mover({ spend, filters }: { spend: Spend; filters: Filters }) {
  const mover = moverOf(spend, filters.metric)
  const inside = mover && drillInto(filters, spend, mover.group)
  if (!mover || !inside) return null
  const { metric } = filters
  const label = groupLabel(mover.group, spend.by)
  const [only, ...others] = spend.by
  const isPlain = only !== undefined && others.length === 0 && (mover.group.key[0] ?? null) !== null
  const size = showAmount(mover.by.replace("-", ""), metric, spend.currency, true)
  return (
    <>
      {"; "}
      <Link
        className="link inline-block max-w-64 truncate align-bottom"
        href={pageHref("/spend", { ...filters, cursor: null, ...inside }, SPEND_DEFAULTS)}
        title={`${label}: look inside`}
        prefetch={false}
      >
        {isPlain ? `${DIMENSION_WORDS[only].one} ${label}` : label}
      </Link>{" "}
      alone{" "}
      <span title={`${mover.by} ${metric === "cost" ? spend.currency : metric} against the period before`}>
        {mover.by.startsWith("-") ? "−" : "+"}
        {size}
      </span>
    </>
  )
}

function PerRun({ spend, filters }: { spend: Spend; filters: Filters }) {
  const { runs } = spend.total
  if (runs === null) return null
  if (runs === 0) return <li>No run started.</li>
  const each = showAmount(perRun(figureOf(spend.total, filters.metric), runs), filters.metric, spend.currency)
  return (
    <li>
      <strong>{each}</strong> a run over {formatCount(runs)} {runs === 1 ? "run" : "runs"}
    </li>
  )
}
