"use client"

import { Cost, When } from "@/components/ui/figures"
import type { SpanDetail } from "@/lib/contracts/read"
import { formatCount } from "@/lib/format"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

const WORDS: Record<string, string> = {
  input: "input",
  cache_read: "cache read",
  cache_write: "cache write",
  output: "output",
  reasoning: "reasoning",
  audio_input: "audio in",
  audio_output: "audio out",
}

/** Tokens times rate, line by line: the lines add up to the computed cost, to the last digit. */
export function PriceArithmetic({ span, currency }: { span: SpanDetail; currency: string }) {
  const { price, tokens } = span
  if (!price && !tokens && span.unpriced_reason === null) return null
  return (
    <section className="border-b border-line p-4" aria-label="How the cost was reckoned">
      <h3 className="text-label text-ink-10">Price</h3>
      {price ? (
        <>
          <table className="mt-2 w-full text-table">
            <tbody>
              {price.lines.map((line) => (
                <tr key={line.bucket}>
                  <th scope="row" className="py-0.5 text-left font-normal text-ink-11">
                    {WORDS[line.bucket] ?? line.bucket}
                    {line.is_fallback ? " *" : ""}
                  </th>
                  <td className="py-0.5 text-right whitespace-nowrap">
                    {formatCount(line.tokens)} × {perMillion(line.rate, currency)}
                  </td>
                  <td className="py-0.5 pl-4 text-right whitespace-nowrap">
                    <Cost value={line.cost} currency={currency} />
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr className="border-t border-line">
                <th scope="row" className="py-1 text-left">
                  Computed
                </th>
                <td />
                <td className="py-1 text-right">
                  <Cost value={span.computed_cost} currency={currency} />
                </td>
              </tr>
            </tfoot>
          </table>
          <p className="mt-2 text-label text-ink-11">
            {price.provider} / {price.model}
            {price.prompt_above > 0 ? `, prompts above ${formatCount(price.prompt_above)} tokens` : ""}, in force since{" "}
            <When at={price.valid_from} />. Source: {price.source}, {price.source_date}.
          </p>
        </>
      ) : tokens ? (
        <dl className="facts mt-2">
          {TOKEN_BUCKETS.filter((bucket) => tokens[bucket] > 0).map((bucket) => (
            <div key={bucket}>
              <dt>{WORDS[bucket]}</dt>
              <dd>{formatCount(tokens[bucket])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {span.unpriced_reason ? <p className="mt-2 text-alarm">{span.unpriced_reason}</p> : null}
      {span.reported_cost !== null ? (
        <p className="mt-2 flex justify-between text-table">
          <span className="text-ink-11">Reported by the source</span>
          <Cost value={span.reported_cost} currency={currency} />
        </p>
      ) : null}
    </section>
  )
}

/** A rate per token is unreadable; per million it is what price lists say. */
function perMillion(rate: string, currency: string): string {
  return `${displayMoney(formatMoney(parseMoney(rate) * 1_000_000n), currency)}/M`
}
