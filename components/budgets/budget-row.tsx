"use client"

import { CAP_WORDS, MARK_WORDS, PERIOD_WORDS, SCOPE_WORDS, timesOf } from "@/components/budgets/words"
import { usedHref } from "@/components/data/budgets"
import { paceWords, percentOf, toneOf } from "@/components/frame/budget-words"
import { Cost, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { PaceLine } from "@/components/ui/pace-line"
import type { Budget } from "@/lib/contracts/budgets"
import { formatCount, plural } from "@/lib/format"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"

type BudgetRowProps = { budget: Budget; project: string | null; currency: string; open: () => void }

/** One budget: what it is for, how far it is used against how far the period is gone, and where that leads. */
export function BudgetRow({ budget, project, currency, open }: BudgetRowProps) {
  const { name, scope, scope_value, amount, period, range, used, left, forecast, owner, cap } = budget
  const tone = toneOf(budget)
  const isExceeded = tone === "over"
  return (
    <article className="budget">
      <div className="min-w-0">
        <h3>
          <button type="button" className="link-quiet text-left font-strong" onClick={open} title={name}>
            <span className="budget-name">{name}</span>
          </button>
        </h3>
        <p className="text-label text-ink-11 [overflow-wrap:anywhere]">
          {SCOPE_WORDS[scope]}
          {scope_value === "" ? "" : ` ${scope_value}`}
        </p>
        <Standing budget={budget} />
      </div>
      <div className="min-w-0">
        <p className="mb-2 flex flex-wrap items-baseline gap-x-2">
          <Link className="link-quiet font-strong" href={usedHref(project, budget, range)} prefetch={false}>
            <Cost value={used} currency={currency} />
          </Link>
          <span className="text-ink-11">
            of <Cost value={amount} currency={currency} /> {PERIOD_WORDS[period]}
          </span>
        </p>
        <PaceLine used={budget.used_permille} gone={budget.gone_permille} tone={tone} label={paceWords(budget)} />
        <p className="mt-2 text-label text-ink-11">
          {paceWords(budget)}
          {budget.unpriced_calls > 0 ? `, ${plural(budget.unpriced_calls, "call")} without a price left out` : ""}
        </p>
      </div>
      <dl>
        <dt>{isExceeded ? "Over" : "Left"}</dt>
        <dd className={isExceeded ? "text-halted" : ""}>
          <Cost value={isExceeded ? budget.overshoot : left} currency={currency} />, until <When at={range.to} />
        </dd>
        <dt title="Used so far, by the time so far; it knows no weekdays">Run rate</dt>
        <dd>
          {forecast === null ? (
            "too early in the period"
          ) : (
            <>
              <Cost value={forecast} currency={currency} /> by its end
              {parseMoney(forecast) > parseMoney(amount) ? (
                <span className="text-alarm">
                  , {displayMoney(formatMoney(parseMoney(forecast) - parseMoney(amount)), currency)} over
                </span>
              ) : null}
            </>
          )}
        </dd>
        <dt title="Multiples of the even pace, long and short window; both above their limit is an alarm">Burn</dt>
        <dd title={burnTitle(budget)}>{burnText(budget)}</dd>
        <dt>Cap</dt>
        <dd>{CAP_WORDS[cap]}</dd>
        {owner === "" ? null : (
          <>
            <dt>Owner</dt>
            <dd>{owner}</dd>
          </>
        )}
      </dl>
    </article>
  )
}

function Standing({ budget }: { budget: Budget }) {
  const active = budget.alarms.filter((alarm) => alarm.cleared_at === null)
  const latest = active.at(-1)
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-3 text-label">
      {budget.halts_since === null ? null : (
        <span className="inline-flex items-center gap-1">
          <Light light="halted">halts runs</Light> since <When at={budget.halts_since} />
        </span>
      )}
      {latest ? (
        <span className="inline-flex items-center gap-1" title={active.map(({ mark }) => MARK_WORDS[mark]).join("\n")}>
          <Light light="alarm">{MARK_WORDS[latest.mark]}</Light> <When at={latest.raised_at} isRelative />
        </span>
      ) : null}
    </p>
  )
}

const rate = (value: number | null) => (value === null ? "–" : timesOf(value))

function burnText({ burns }: Budget): string {
  const burning = burns.find((burn) => burn.is_burning)
  const shown = burning ?? burns[0]
  return shown ? `${rate(shown.long)} / ${rate(shown.short)}, limit ${timesOf(shown.limit)}` : "–"
}

function burnTitle({ burns, calls, used_permille }: Budget): string {
  const rows = burns.map(
    ({ mark, long, short, limit }) => `${MARK_WORDS[mark]}: ${rate(long)} and ${rate(short)}, limit ${timesOf(limit)}`,
  )
  return [...rows, `${formatCount(calls)} calls, ${percentOf(used_permille)} used`].join("\n")
}
