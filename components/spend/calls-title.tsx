import { unpricedHref } from "@/components/spend/links"
import { Cost } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { Spend } from "@/lib/contracts/read"
import type { Filters } from "@/lib/filters"
import { formatCount, plural } from "@/lib/format"

/** @property count how many rows the list has, where it is known. */
type TitleProps = { total: Spend | undefined; filters: Filters; count: number | null }

/** "These 1,204 calls: $3.12": the sum of the rows below, from the roll-ups that the figure came from. */
export function CallsTitle({ total, filters, count }: TitleProps) {
  if (!total) return <h1 className="text-title">The calls behind a figure</h1>
  const { calls, unpriced_calls: unpriced, cost } = total.total
  if (filters.differing)
    return (
      <h1 className="text-title" {...(count === null ? {} : { "data-calls": count })}>
        {count === 1 ? "This call's" : `These ${count === null ? "calls'" : `${plural(count, "call")}'`}`} reported cost
        is off the computed one by more than 2 %
      </h1>
    )
  if (filters.failed)
    return (
      <h1 className="text-title" data-calls={total.total.errors}>
        {total.total.errors === 1 ? "This call failed" : `These ${plural(total.total.errors, "call")} failed`}
      </h1>
    )
  if (filters.unpriced)
    return (
      <h1 className="text-title" data-calls={unpriced} data-cost="unpriced">
        {unpriced === 1 ? "This call has no price" : `These ${plural(unpriced, "call")} have no price`}
      </h1>
    )
  return (
    <h1 className="text-title" data-calls={calls} data-cost={cost ?? "unpriced"}>
      {calls === 1 ? "This call" : `These ${plural(calls, "call")}`}: <Cost value={cost} currency={total.currency} />
      {unpriced > 0 && cost !== null ? (
        <>
          ,{" "}
          <Link className="link text-alarm" href={unpricedHref(filters)} prefetch={false}>
            {formatCount(unpriced)} of them without a price
          </Link>
        </>
      ) : null}
    </h1>
  )
}
