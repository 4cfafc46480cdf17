"use client"

import type { ReactNode } from "react"
import { callsHref, haltedHref, resultsHref, runsHref, spendHref } from "@/components/board/links"
import { againstWords, deltaOf } from "@/components/board/words"
import { BudgetPace } from "@/components/frame/budget-pace"
import { useClock } from "@/components/ui/clock"
import { Link } from "@/components/ui/link"
import type { Board, BoardPace } from "@/lib/contracts/board"
import type { Filters } from "@/lib/filters"
import { formatCount, formatDuration, formatShare, keepUnits, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"
import { ENDED_STATUSES } from "@/lib/vocabulary"

type FiguresProps = { board: Board; filters: Filters }

/** The numbers of now, each with what it is compared with and a way to its rows. */
export function Figures({ board, filters }: FiguresProps) {
  const { now } = useClock()
  const { runs, halted, checks, spend, lights_out: lightsOut, currency } = board
  const age = halted.oldest_at === null ? null : formatDuration(Math.max(0, now - Date.parse(halted.oldest_at)))
  const money = (text: string | null) => displayMoney(text, currency)
  return (
    <section className="figures" aria-label="Now">
      <Figure
        term="Halted now"
        tone={halted.runs > 0 ? "halted" : null}
        href={haltedHref(filters)}
        value={formatCount(halted.runs)}
      >
        {halted.runs === 0
          ? "nothing stands still"
          : keepUnits(`${age === null ? "" : `oldest ${age}, `}${money(halted.cost)} sunk`)}
      </Figure>
      <Figure
        term="Unproven today"
        tone={runs.unproven > 0 ? "unproven" : null}
        href={runsHref(filters, { proof: ["unproven"] })}
        value={formatCount(runs.unproven)}
      >
        of{" "}
        <Link className="link" href={runsHref(filters)}>
          {plural(runs.runs, "run")}
        </Link>
        {runs.failed > 0 ? (
          <>
            ,{" "}
            <Link className="link" href={runsHref(filters, { proof: ["failed"] })}>
              {formatCount(runs.failed)} failed
            </Link>
          </>
        ) : null}
      </Figure>
      <Figure
        term="Failed checks today"
        tone={checks.failed > 0 ? "failed" : null}
        href={resultsHref(filters, ["failed"])}
        value={formatCount(checks.failed)}
      >
        of <Rows href={checks.total > 0 ? resultsHref(filters, []) : null}>{plural(checks.total, "verification")}</Rows>
        {checks.broken > 0 ? (
          <>
            ,{" "}
            <Link className="link" href={resultsHref(filters, ["error"])}>
              {formatCount(checks.broken)} could not be run
            </Link>
          </>
        ) : null}
      </Figure>
      <Figure
        term="Proven today"
        href={runsHref(filters, { proof: ["verified"] })}
        value={formatShare(runs.verified, runs.claimed) ?? "–"}
        title={`${plural(runs.verified, "proven run")} of ${formatCount(runs.claimed)} that claim success`}
      >
        {runs.claimed === 0 ? (
          "no run claims success yet"
        ) : (
          <>
            {formatCount(runs.verified)} of{" "}
            <Rows href={runsHref(filters, { status: ["succeeded"] })}>{plural(runs.claimed, "run")}</Rows> that{" "}
            {runs.claimed === 1 ? "claims" : "claim"} success
          </>
        )}
      </Figure>
      <Figure
        term="Spend today"
        href={spendHref(filters, "today")}
        value={money(spend.today.cost)}
        title={exact(spend.today, currency)}
      >
        <Pace pace={spend.today} filters={filters} currency={currency} zone={board.tz} now={now} />
      </Figure>
      <Figure
        term="Month to date"
        href={spendHref(filters, "mtd")}
        value={money(spend.month.cost)}
        title={exact(spend.month, currency)}
      >
        <Pace pace={spend.month} filters={filters} currency={currency} zone={board.tz} now={now} />
        <BudgetPace filters={filters} period="month" />
      </Figure>
      <Figure
        term="Unpriced today"
        tone={spend.today.unpriced_calls > 0 ? "alarm" : null}
        href={callsHref(filters, { unpriced: true })}
        value={formatShare(spend.today.unpriced_calls, spend.today.calls) ?? "–"}
        title={`${formatCount(spend.today.unpriced_calls)} of ${plural(spend.today.calls, "call")}`}
      >
        {spend.today.calls === 0 ? (
          "no calls yet"
        ) : (
          <>
            {formatCount(spend.today.unpriced_calls)} of{" "}
            <Rows href={callsHref(filters)}>{plural(spend.today.calls, "call")}</Rows>
          </>
        )}
      </Figure>
      <Figure
        term="Lights-out, 7 days"
        href={runsHref(filters, { last: "7d", proof: ["verified"] })}
        value={formatShare(lightsOut.untouched, lightsOut.finished) ?? "–"}
        title={`${plural(lightsOut.verified, "proven run")}, ${formatCount(lightsOut.verified - lightsOut.untouched)} of them touched by a person`}
      >
        {lightsOut.finished === 0 ? (
          "no run has finished"
        ) : (
          <>
            {formatCount(lightsOut.untouched)} of{" "}
            <Rows href={runsHref(filters, { last: "7d", status: [...ENDED_STATUSES] })}>
              {plural(lightsOut.finished, "finished run")}
            </Rows>{" "}
            proven without a person
          </>
        )}
      </Figure>
    </section>
  )
}

const exact = (sum: { cost: string | null }, currency: string) =>
  sum.cost === null ? "None of its calls has a price" : `${sum.cost} ${currency}`

function Rows({ href, children }: { href: string | null; children: ReactNode }) {
  if (href === null) return children
  return (
    <Link className="link" href={href} prefetch={false}>
      {children}
    </Link>
  )
}

type FigureProps = {
  term: string
  value: string
  /** Null where no address names its rows. */
  href: string | null
  children: ReactNode
  title?: string
  tone?: "halted" | "unproven" | "failed" | "alarm" | null
}

const TONES = { halted: "text-halted", unproven: "text-unproven", failed: "text-failed", alarm: "text-alarm" } as const

function Figure({ term, value, href, children, title, tone = null }: FigureProps) {
  return (
    <dl className="figure">
      <dt className="text-label text-ink-10">{term}</dt>
      <dd className={`text-headline font-strong ${tone === null ? "" : TONES[tone]}`}>
        {href === null ? (
          <span title={title ?? value}>{value}</span>
        ) : (
          <Link href={href} className="link-quiet" title={title ?? value} prefetch={false}>
            {value}
          </Link>
        )}
      </dd>
      <dd className="min-h-8 text-label text-ink-11">{children}</dd>
    </dl>
  )
}

type PaceProps = { pace: BoardPace; filters: Filters; currency: string; zone: string; now: number }

/** The closed quarter hours beside the same stretch of an earlier period: a half-filled quarter is compared with nothing. */
function Pace({ pace, filters, currency, zone, now }: PaceProps) {
  const before = pace.compare?.before[0]
  if (!pace.compare || !before) return "the first quarter hour has not closed"
  const delta = deltaOf(pace.compare.own.cost, before.cost)
  const words = againstWords(before, zone, now)
  const others = pace.compare.before.map((one) => `${againstWords(one, zone, now)}: ${exact(one, currency)}`).join("\n")
  return (
    <span title={`${others}\nto the same time now: ${exact(pace.compare.own, currency)}`}>
      {delta.text === null || before.cost === "0" ? null : (
        <>
          {/* The spend page sets the month against the same stretch of the last one, too; a day against yesterday. */}
          {before.against === "last_week" ? (
            <strong>{delta.text}</strong>
          ) : (
            <Link
              className="link font-strong"
              href={spendHref(filters, before.against === "last_month" ? "mtd" : "today", ["model"], {}, "previous")}
              prefetch={false}
            >
              {delta.text}
            </Link>
          )}{" "}
          on{" "}
        </>
      )}
      <Link className="link" href={spendHref(filters, before.range)} prefetch={false}>
        {words}
      </Link>
      {before.cost === "0" ? ": nothing" : before.cost === null ? ": unpriced" : ""}
    </span>
  )
}
