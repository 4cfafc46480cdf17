"use client"

import { unpricedHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { BUCKET_WORDS, RATE_WORDS } from "@/components/trace/words"
import { When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { SpanDetail } from "@/lib/contracts/read"
import { formatCount, formatMoneyShare } from "@/lib/format"
import { displayMoney, formatMoney, parseMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

const PIECES = new Set(["image", "search", "request"])

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
                    {RATE_WORDS[line.bucket] ?? line.bucket}
                    {line.is_fallback ? " *" : ""}
                  </th>
                  <td className="py-0.5 text-right whitespace-nowrap">
                    {formatCount(line.tokens)} ×{" "}
                    {PIECES.has(line.bucket) ? exact(line.rate, currency) : perMillion(line.rate, currency)}
                  </td>
                  <td className="py-0.5 pl-4 text-right whitespace-nowrap">{exact(line.cost, currency)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              {price.discount ? (
                <tr>
                  <th scope="row" className="py-0.5 text-left font-normal text-ink-11">
                    discount {price.discount.percent} %
                  </th>
                  <td />
                  <td className="py-0.5 pl-4 text-right whitespace-nowrap">
                    −{exact(price.discount.amount, currency)}
                  </td>
                </tr>
              ) : null}
              <tr className="border-t border-line">
                <th scope="row" className="py-1 text-left">
                  Computed
                </th>
                <td />
                <td className="py-1 text-right">
                  {span.computed_cost === null ? "unpriced" : exact(span.computed_cost, currency)}
                </td>
              </tr>
            </tfoot>
          </table>
          <p className="mt-2 text-label text-ink-11">
            {price.provider} / {price.model}
            {price.service_tier === "standard" ? "" : `, ${price.service_tier} tier`}
            {price.prompt_above > 0 ? `, prompts above ${formatCount(price.prompt_above)} tokens` : ""}, in force since{" "}
            <When at={price.valid_from} />. Source: {price.source}, {price.source_date}.
          </p>
        </>
      ) : tokens ? (
        <dl className="facts mt-2">
          {TOKEN_BUCKETS.filter((bucket) => tokens[bucket] > 0).map((bucket) => (
            <div key={bucket}>
              <dt>{BUCKET_WORDS[bucket]}</dt>
              <dd>{formatCount(tokens[bucket])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
      {span.asked_model || span.service_tier || span.repricing !== null || span.remapping !== null ? (
        <p className="mt-2 text-label text-ink-11">
          {[
            span.asked_model ? `Asked for ${span.asked_model}, answered by ${span.model ?? "another"}.` : null,
            span.service_tier ? `Served as ${span.service_tier}.` : null,
            span.repricing === null ? null : `Priced again by repricing ${span.repricing}.`,
            span.remapping === null ? null : `Read again by re-mapping ${span.remapping}.`,
          ]
            .filter((text) => text !== null)
            .join(" ")}
        </p>
      ) : null}
      {span.unpriced_reason ? (
        <p className="mt-2 text-alarm">
          {span.unpriced_reason} <PriceLink span={span} />
        </p>
      ) : null}
      {span.reported_cost !== null ? (
        <dl className="mt-2 flex flex-col gap-1 text-table">
          <Line term="Reported by the source" value={exact(span.reported_cost, currency)} />
          {span.computed_cost === null ? null : (
            <Line term="Reported less computed" value={difference(span.reported_cost, span.computed_cost, currency)} />
          )}
        </dl>
      ) : null}
      {span.is_differing ? <p className="mt-1 text-alarm">Reported and computed are more than 2 % apart.</p> : null}
      {span.cost_source ? (
        <p className="mt-1 text-label text-ink-11">
          What counts is the {span.cost_source === "reported" ? "reported" : "computed"} cost.
        </p>
      ) : null}
    </section>
  )
}

/** Where it is a price that is missing, the way to where one is given. */
function PriceLink({ span }: { span: SpanDetail }) {
  const { slug } = useScope()
  const { provider, model, tokens, reported_cost, cost } = span
  if (provider === null || model === null || tokens === null || (reported_cost !== null && cost === null)) return null
  return (
    <Link className="link" href={unpricedHref(slug, provider, model)}>
      Models without a price
    </Link>
  )
}

function Line({ term, value }: { term: string; value: string }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-ink-11">{term}</dt>
      <dd className="text-right">{value}</dd>
    </div>
  )
}

/** Every digit: lines that are rounded do not add up. */
function exact(value: string, currency: string): string {
  const sign = value.startsWith("-") ? "-" : ""
  const [whole, part = ""] = value.slice(sign.length).split(".")
  return `${sign}${currency === "USD" ? "$" : `${currency} `}${whole}.${part.padEnd(2, "0")}`
}

function difference(reported: string, computed: string, currency: string): string {
  const less = parseMoney(reported) - parseMoney(computed)
  if (less === 0n) return "none, the same to the last digit"
  const share = formatMoneyShare(formatMoney(less < 0n ? -less : less), computed)
  return `${less > 0n ? "+" : ""}${exact(formatMoney(less), currency)}${share === null ? "" : ` (${share} of it)`}`
}

/** A rate per token is unreadable; per million it is what price lists say. */
function perMillion(rate: string, currency: string): string {
  return `${displayMoney(formatMoney(parseMoney(rate) * 1_000_000n), currency)}/M`
}
