import { unpricedHref } from "@/components/spend/links"
import { Count } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { plural } from "@/lib/format"

/** Names that are shown at once; the rest is counted. */
const SHOWN = 20

/** What is missing from the sum, by name; each leads to its calls. */
export function UnpricedList({ spend, filters }: { spend: Spend; filters: Filters }) {
  const hidden = spend.unpriced.slice(SHOWN)
  return (
    <div className="border-t border-line px-4 py-3">
      <h3 className="text-label text-ink-11">No price is known for</h3>
      <ul className="mt-1 flex flex-col gap-1 text-table">
        {spend.unpriced.slice(0, SHOWN).map(({ provider, model, calls }) => (
          <li key={JSON.stringify([provider, model])} className="flex min-w-0 gap-2">
            <span className="min-w-0 truncate" title={`${provider ?? "no provider"} / ${model ?? "no model"}`}>
              <bdi>{provider ?? "no provider"}</bdi> / <bdi>{model ?? "no model"}</bdi>
            </span>
            <Link
              className="link shrink-0"
              href={unpricedHref(filters, { provider: [provider], model: [model] })}
              prefetch={false}
            >
              <Count value={calls} /> {calls === 1 ? "call" : "calls"}
            </Link>
          </li>
        ))}
      </ul>
      {hidden.length > 0 ? (
        <p className="mt-1 text-label text-ink-10">
          and {plural(hidden.length, "more name")} with{" "}
          {plural(
            hidden.reduce((sum, { calls }) => sum + calls, 0),
            "call",
          )}
        </p>
      ) : null}
    </div>
  )
}
