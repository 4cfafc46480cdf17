"use client"

import { spendHref } from "@/components/board/links"
import { changeWords } from "@/components/board/words"
import { Link } from "@/components/ui/link"
import type { Board, BoardChange, BoardChanges } from "@/lib/contracts/board"
import { DIMENSION_WORDS, valueLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatInstant } from "@/lib/format"
import type { Dimension as OfSpend } from "@/lib/vocabulary"

type ChangesProps = { board: Board; filters: Filters }

/** What went up or down the most in a week, in words with dollars; each leads to Spend over both ranges. */
export function Changes({ board, filters }: ChangesProps) {
  const { changes, currency } = board
  if (changes === null) return null
  return (
    <div className="flex flex-col">
      <p className="border-b border-line px-4 py-2.5">
        The spend of seven days {changeWords(changes.total, currency)}{" "}
        <Ranges
          changes={changes}
          filters={filters}
          inside="model"
          more={{}}
          zone={board.tz}
          now={Date.parse(board.at)}
        />
      </p>
      <div className="changes">
        {changes.by.map(({ dimension, items, count }) => (
          <section key={dimension} aria-label={`By ${DIMENSION_WORDS[dimension].one}`}>
            <h3 className="text-label text-ink-10">By {DIMENSION_WORDS[dimension].one}</h3>
            {items.length === 0 ? <p className="text-ink-10">Nothing changed.</p> : null}
            <ul>
              {items.map((item) => (
                <li key={JSON.stringify([item.workflow, item.value])} className="py-1">
                  <span className="block truncate font-strong" title={nameOf(dimension, item)}>
                    {nameOf(dimension, item)}
                  </span>
                  <span className="text-ink-11" title={`${item.change} ${currency}`}>
                    {changeWords(item, currency)}
                  </span>{" "}
                  <Ranges
                    changes={changes}
                    filters={filters}
                    inside={INSIDE[dimension]}
                    more={
                      dimension === "release"
                        ? { workflow: [item.workflow], release: [item.value] }
                        : { [dimension]: [item.value] }
                    }
                    zone={board.tz}
                    now={Date.parse(board.at)}
                  />
                </li>
              ))}
            </ul>
            {count > items.length ? (
              <p className="text-label text-ink-10">
                {items.length} of {count} that changed.
              </p>
            ) : null}
          </section>
        ))}
      </div>
    </div>
  )
}

type Dimension = BoardChanges["by"][number]["dimension"]
/** Split by itself a thing is one line: why it changed shows by what it is made of. */
const INSIDE: Record<Dimension, OfSpend> = { model: "workflow", workflow: "step", release: "step", team: "workflow" }

function nameOf(dimension: Dimension, item: BoardChange): string {
  const name = valueLabel(dimension, item.value)
  return dimension === "release" ? `${name} of ${valueLabel("workflow", item.workflow)}` : name
}

type RangesProps = {
  changes: BoardChanges
  filters: Filters
  inside: OfSpend
  more: Filters["dimensions"]
  zone: string
  now: number
}

function Ranges({ changes, filters, inside, more, zone, now }: RangesProps) {
  const words = (range: { from: string; to: string }) =>
    `${formatInstant(range.from, zone, now)} to ${formatInstant(range.to, zone, now)} ${zone}`
  return (
    <span className="whitespace-nowrap text-label">
      <Link
        className="link"
        href={spendHref(filters, changes.range, [inside], more, "previous")}
        title={`${words(changes.range)}, beside the week before`}
        prefetch={false}
      >
        now
      </Link>
      {" · "}
      <Link
        className="link"
        href={spendHref(filters, changes.before, [inside], more)}
        title={words(changes.before)}
        prefetch={false}
      >
        before
      </Link>
    </span>
  )
}
