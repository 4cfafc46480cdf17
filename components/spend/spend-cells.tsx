import type { ReactNode } from "react"
import { showAmount } from "@/components/charts/prepare/amounts"
import { perRun } from "@/components/charts/prepare/spend-bars"
import { deltaOf } from "@/components/spend/delta"
import { cacheShare, figureOf } from "@/components/spend/sentence"
import { Cost, Count } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { Spend, SpendFigures } from "@/lib/contracts/read"
import type { Filters, Metric } from "@/lib/filters"
import { formatCompact, formatCount, formatMoneyShare } from "@/lib/format"
import { displayMoney } from "@/lib/money"

type Figures = SpendFigures & { runs: number | null }
export type Hrefs = {
  calls: string | null
  unpriced: string | null
  failed: string | null
  before: string | null
  runs: string | null
}

const uncached = ({ tokens }: SpendFigures) => tokens.input + tokens.audio_input
const cached = ({ tokens }: SpendFigures) => tokens.cache_read + tokens.cache_write
const made = ({ tokens }: SpendFigures) => tokens.output + tokens.reasoning + tokens.audio_output

type SpendCellsProps = {
  figures: Figures
  previous: Figures | null
  spend: Spend
  filters: Filters
  hrefs: Hrefs
  isTotal?: boolean
}

/** The figures of one row, each a link to the rows that add up to it. */
export function SpendCells({ figures, previous, spend, filters, hrefs, isTotal = false }: SpendCellsProps) {
  const { currency } = spend
  const { metric } = filters
  return (
    <>
      <Cell href={hrefs.calls}>
        {isTotal ? (
          <strong data-total={figures.cost ?? "unpriced"}>
            <Cost value={figures.cost} currency={currency} />
          </strong>
        ) : (
          <Cost value={figures.cost} currency={currency} />
        )}
      </Cell>
      <td className="num text-ink-11">
        {isTotal ? null : (formatMoneyShare(figureOf(figures, metric), figureOf(spend.total, metric)) ?? "–")}
      </td>
      {previous ? (
        <Before figures={figures} previous={previous} metric={metric} currency={currency} href={hrefs.before} />
      ) : null}
      <Cell href={hrefs.calls}>
        <Count value={figures.calls} />
      </Cell>
      <Cell
        href={figures.unpriced_calls > 0 ? hrefs.unpriced : null}
        tone={figures.unpriced_calls > 0 ? "text-alarm" : "text-ink-10"}
      >
        <Count value={figures.unpriced_calls} />
      </Cell>
      {[uncached(figures), cached(figures), made(figures)].map((tokens, i) => (
        <Cell
          key={["in", "cached", "out"][i]}
          href={tokens > 0 ? hrefs.calls : null}
          tone={tokens > 0 ? "" : "text-ink-10"}
        >
          <span title={`${formatCount(tokens)} tokens`}>{formatCompact(tokens)}</span>
        </Cell>
      ))}
      <td className="num text-ink-11">{cacheShare(figures) ?? "–"}</td>
      <Cell href={figures.errors > 0 ? hrefs.failed : null} tone={figures.errors > 0 ? "" : "text-ink-10"}>
        <Count value={figures.errors} />
      </Cell>
      {figures.runs === null ? null : (
        <>
          <Cell href={figures.runs > 0 ? hrefs.runs : null}>
            <Count value={figures.runs} />
          </Cell>
          <td className="num">{perRunText(figures, metric, currency)}</td>
        </>
      )}
    </>
  )
}

function perRunText(figures: Figures, metric: Metric, currency: string): ReactNode {
  if (figures.runs === 0) return <span className="text-ink-10">no run</span>
  return showAmount(perRun(figureOf(figures, metric), figures.runs), metric, currency)
}

type BeforeProps = { figures: Figures; previous: Figures; metric: Metric; currency: string; href: string | null }

function Before({ figures, previous, metric, currency, href }: BeforeProps) {
  const show = (text: string) => (metric === "cost" ? displayMoney(text, currency) : formatCompact(Number(text)))
  const before = figureOf(previous, metric)
  const delta = deltaOf(figureOf(figures, metric), before, show)
  return (
    <>
      <Cell href={href} tone="text-ink-11">
        {metric === "cost" ? (
          <Cost value={before} currency={currency} />
        ) : (
          <span title={`${formatCount(Number(before))} ${metric}`}>{formatCompact(Number(before))}</span>
        )}
      </Cell>
      <td className="num">
        {delta ? (
          <span title={`${delta.exact} ${metric === "cost" ? currency : metric} against the period before`}>
            {delta.amount} <span className="text-ink-11">{delta.words}</span>
          </span>
        ) : (
          "–"
        )}
      </td>
    </>
  )
}

function Cell({ href, tone = "", children }: { href: string | null; tone?: string; children: ReactNode }) {
  return (
    <td className={`num ${tone}`}>
      {href === null ? (
        children
      ) : (
        <Link className="row-link" href={href} prefetch={false}>
          {children}
        </Link>
      )}
    </td>
  )
}
