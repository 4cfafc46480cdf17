"use client"

import { useQuery } from "@tanstack/react-query"
import { actOnRemapping, beginRemapping, remappingsQuery } from "@/components/data/remappings"
import { useScope } from "@/components/frame/project"
import { ClosedNote, PastActs, rangeOf } from "@/components/settings/past-act"
import { difference, signed, textOf } from "@/components/settings/past-money"
import { PastBegin, PastItem, PastPanel, PastTable } from "@/components/settings/past-panel"
import { Field } from "@/components/ui/field"
import type { Remapping, RemappingTally } from "@/lib/contracts/remappings"
import { formatCount, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** Reading what sources sent again, by the mappings of today: what it would change, then doing it, then maybe taking it back. */
export function RemappingsPanel({ mayAct }: { mayAct: boolean }) {
  const { slug } = useScope()
  const query = useQuery(remappingsQuery(slug))
  return (
    <PastPanel
      title="Reading the past again"
      query={query}
      empty="What OpenTelemetry and Langfuse clients send is read into kinds, models, tokens and teams. When a release mends that reading, spans that are there keep the old one until an admin has them read again, here, with a preview; it can be undone."
      begin={mayAct ? <Begin /> : null}
    >
      {(item) => <Item item={item} mayAct={mayAct} />}
    </PastPanel>
  )
}

function Begin() {
  const { project, slug } = useScope()
  return (
    <PastBegin
      word="Read a range again"
      fields={<Field label="Convention, as in “gen_ai” (all when empty)" name="convention" isRequired={false} />}
      begin={(data) =>
        beginRemapping(slug, {
          ...rangeOf(data, project.zone),
          convention: textOf(data, "convention"),
          reason: textOf(data, "reason") ?? "",
        })
      }
      queryKey={remappingsQuery(slug).queryKey}
    />
  )
}

function Item({ item, mayAct }: { item: Remapping; mayAct: boolean }) {
  const { slug, project } = useScope()
  const { currency } = project
  const sums = item.state === "undone" ? item.undone : (item.result ?? item.preview)
  const { preview } = item
  return (
    <PastItem
      item={item}
      scope={item.convention ?? "All conventions"}
      sums={
        <>
          {sums ? <Sums sums={sums} currency={currency} verb={item.result ? "changed" : "would change"} /> : null}
          <ClosedNote closed={preview?.closed} currency={currency} />
        </>
      }
      table={
        item.state === "previewed" && preview && preview.conventions.length > 0 ? (
          <PastTable
            caption="What would change, by convention"
            heads={["Convention", "Fields"]}
            unit="Spans"
            currency={currency}
            rows={preview.conventions.map((row) => ({
              key: row.convention,
              name: row.convention,
              note: Object.entries(row.fields)
                .map(([field, spans]) => `${field.replace("_", " ")} ${formatCount(spans)}`)
                .join(", "),
              changed: row.changed,
              before: row.before,
              after: row.after,
              words: [displayMoney(row.before, currency), displayMoney(row.after, currency)],
            }))}
          />
        ) : null
      }
      acts={
        mayAct ? (
          <PastActs
            item={item}
            word="Read them again"
            applying="These spans change on every page: what they are, what they used and what they cost. It is recorded, and it can be undone."
            undoing="Every span that this has read again is read, and costs, as before."
            act={(what, reason) => actOnRemapping(slug, item.id, what, reason)}
            queryKey={remappingsQuery(slug).queryKey}
          />
        ) : null
      }
    />
  )
}

function Sums({ sums, currency, verb }: { sums: RemappingTally; currency: string; verb: string }) {
  const moved = difference(sums)
  const priced = sums.unpriced_before - sums.unpriced_after
  return (
    <p>
      {formatCount(sums.changed)} of {plural(sums.spans, "span")} {verb};{" "}
      <span title={`${sums.before} to ${sums.after} ${currency}`}>
        {displayMoney(sums.before, currency)} to {displayMoney(sums.after, currency)}
      </span>{" "}
      <strong title={`${moved} ${currency}`}>({signed(moved, currency)})</strong>
      {priced > 0 ? `, ${formatCount(priced)} fewer without a price` : ""}
      {priced < 0 ? `, ${formatCount(-priced)} more without a price` : ""}
      {sums.left > 0 ? `, ${formatCount(sums.left)} left as they are, because not all that was sent is kept` : ""}
    </p>
  )
}
