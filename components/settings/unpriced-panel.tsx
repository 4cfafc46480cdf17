"use client"

import { useQuery } from "@tanstack/react-query"
import { SPEND_DEFAULTS } from "@/components/data/defaults"
import { pageHref, unpricedKey } from "@/components/data/href"
import { UNPRICED_LAST, unpricedQuery } from "@/components/data/settings"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { OwnPriceForm } from "@/components/settings/own-price-form"
import { useClock } from "@/components/ui/clock"
import { Count } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Modal } from "@/components/ui/modal"
import { Panel } from "@/components/ui/panel"
import type { UnpricedModels } from "@/lib/contracts/settings"
import { DEFAULT_FILTERS, type Filters } from "@/lib/filters"
import { formatBucket, plural } from "@/lib/format"

/** What no figure of money contains: said in the first line, then model by model. */
export function UnpricedPanel({ mayPrice }: { mayPrice: boolean }) {
  const { slug } = useScope()
  const query = useQuery(unpricedQuery(slug))
  const data = query.data
  return (
    <>
      <h1 className={data && data.calls > 0 ? "text-title" : "text-title font-normal text-ink-11"}>
        {data === undefined
          ? "Prices"
          : data.calls === 0
            ? "Every call of the last 90 days has a price."
            : `${plural(data.calls, "call")} of the last 90 days ${data.calls === 1 ? "has" : "have"} no price, from ${plural(data.count, "model")}.`}
      </h1>
      {data === undefined || data.calls > 0 ? (
        <Panel title="Models without a price" query={query} minHeight={96}>
          {(found) => <Models found={found} mayPrice={mayPrice} />}
        </Panel>
      ) : null}
    </>
  )
}

function Models({ found, mayPrice }: { found: UnpricedModels; mayPrice: boolean }) {
  const { slug } = useScope()
  const { zone, now } = useClock()
  const [asked, ask] = useParam("price")
  const priced = mayPrice
    ? (found.items.find(({ provider, model }) => model !== null && unpricedKey(provider, model) === asked) ?? null)
    : null
  const href = (provider: string | null, model: string | null) => {
    const filters: Filters = {
      ...DEFAULT_FILTERS,
      ...SPEND_DEFAULTS,
      project: slug,
      last: UNPRICED_LAST,
      dimensions: { provider: [provider], model: [model] },
      unpriced: true,
    }
    return pageHref("/spend/spans", filters, SPEND_DEFAULTS)
  }
  const left = found.count - found.items.length
  return (
    <div className="table-scroll">
      <table className="table card-table">
        <thead>
          <tr>
            <th scope="col">Provider / model</th>
            <th scope="col" className="num">
              Calls
            </th>
            <th scope="col" className="num">
              Tokens
            </th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
            {mayPrice ? (
              <th scope="col">
                <span className="sr-only">Price it</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {found.items.map(({ provider, model, calls, tokens, is_tokens_partial, first_day, last_day }) => {
            const name = `${provider ?? "no provider"} / ${model ?? "no model"}`
            return (
              <tr key={unpricedKey(provider, model)} data-row>
                <th scope="row" className="row-head">
                  <span className="flex min-w-0">
                    <Link className="row-link" href={href(provider, model)} title={name} prefetch={false}>
                      {name}
                    </Link>
                  </span>
                </th>
                <td data-label="Calls" className="num text-alarm">
                  <Count value={calls} />
                </td>
                <td
                  data-label="Tokens"
                  className="num"
                  title={
                    is_tokens_partial ? "At least: some stand in one sum with priced calls and are left out" : undefined
                  }
                >
                  <span>
                    {is_tokens_partial ? "≥ " : ""}
                    <Count value={tokens} isCompact />
                  </span>
                </td>
                <td data-label="First" className="whitespace-nowrap text-ink-11">
                  {formatBucket(first_day, zone, "day")}
                </td>
                <td data-label="Last" className="whitespace-nowrap text-ink-11">
                  {formatBucket(last_day, zone, "day")}
                </td>
                {mayPrice ? (
                  <td className="num">
                    {model === null ? null : (
                      <button
                        type="button"
                        className="button button-quiet"
                        onClick={() => ask(unpricedKey(provider, model))}
                      >
                        Price it<span className="sr-only">: {name}</span>
                      </button>
                    )}
                  </td>
                ) : null}
              </tr>
            )
          })}
        </tbody>
      </table>
      <Modal open={priced !== null} onClose={() => ask(null)} label="Price a model">
        <h2 className="mb-3 font-strong">A price of your own</h2>
        <OwnPriceForm
          provider={priced?.provider ?? ""}
          model={priced?.model ?? ""}
          past={priced ? { from: priced.first_day, to: new Date(now).toISOString() } : null}
          onDone={() => ask(null)}
        />
      </Modal>
      {left > 0 ? <p className="px-4 py-2 text-label text-ink-10">and {plural(left, "more model")}</p> : null}
    </div>
  )
}
