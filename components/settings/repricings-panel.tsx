"use client"

import { useQuery } from "@tanstack/react-query"
import { actOnRepricing, beginRepricing, repricingsQuery } from "@/components/data/prices"
import { useScope } from "@/components/frame/project"
import { ClosedNote, PastActs, rangeOf } from "@/components/settings/past-act"
import { difference, signed, textOf } from "@/components/settings/past-money"
import { PastBegin, PastItem, PastPanel, PastTable } from "@/components/settings/past-panel"
import { Field } from "@/components/ui/field"
import type { Repricing, RepricingTally } from "@/lib/contracts/prices"
import { formatCount, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** Pricing a past range again: what it would change, then doing it, then maybe taking it back. */
export function RepricingsPanel({ mayAct }: { mayAct: boolean }) {
  const { slug } = useScope()
  const query = useQuery(repricingsQuery(slug))
  return (
    <PastPanel
      title="Pricing the past again"
      query={query}
      empty="A new price holds for what comes in from now on. Calls that are there keep theirs until somebody prices them again, here, with a preview; it can be undone."
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
      word="Price a range again"
      fields={
        <>
          <Field label="Provider (all when empty)" name="provider" isRequired={false} />
          <Field label="Model (all when empty)" name="model" isRequired={false} />
        </>
      }
      begin={(data) =>
        beginRepricing(slug, {
          ...rangeOf(data, project.zone),
          provider: textOf(data, "provider"),
          model: textOf(data, "model"),
          reason: textOf(data, "reason") ?? "",
        })
      }
      queryKey={repricingsQuery(slug).queryKey}
    />
  )
}

function Item({ item, mayAct }: { item: Repricing; mayAct: boolean }) {
  const { project, slug } = useScope()
  const { currency } = project
  const sums = item.state === "undone" ? item.undone : (item.result ?? item.preview)
  return (
    <PastItem
      item={item}
      scope={scopeOf(item)}
      sums={
        <>
          {sums ? <Sums sums={sums} currency={currency} verb={item.result ? "changed" : "would change"} /> : null}
          <ClosedNote closed={item.preview?.closed} currency={currency} />
        </>
      }
      table={
        item.state === "previewed" && item.preview && item.preview.models.length > 0 ? (
          <Models preview={item.preview} currency={currency} />
        ) : null
      }
      acts={
        mayAct ? (
          <PastActs
            item={item}
            word="Price them again"
            applying="The costs of these calls change on every page. It is recorded, and it can be undone."
            undoing="Every call that this has priced, and nothing since, gets its earlier cost back."
            act={(what, reason) => actOnRepricing(slug, item.id, what, reason)}
            queryKey={repricingsQuery(slug).queryKey}
          />
        ) : null
      }
    />
  )
}

function scopeOf({ provider, model }: Repricing): string {
  if (provider === null && model === null) return "All calls"
  const name = (text: string | null, none: string, all: string) => (text === null ? all : text === "" ? none : text)
  return `${name(provider, "no provider", "all providers")} / ${name(model, "no model", "all models")}`
}

function Sums({ sums, currency, verb }: { sums: RepricingTally; currency: string; verb: string }) {
  const moved = difference(sums)
  return (
    <p>
      {formatCount(sums.changed)} of {plural(sums.calls, "call")} {verb};{" "}
      <span title={`${sums.before} to ${sums.after} ${currency}`}>
        {beforeOf(sums, currency)} to {afterOf(sums, currency)}
      </span>{" "}
      <strong title={`${moved} ${currency}`}>({signed(moved, currency)})</strong>
      {sums.newly_priced > 0 ? `, ${formatCount(sums.newly_priced)} priced for the first time` : ""}
      {sums.no_longer_priced > 0 ? `, ${formatCount(sums.no_longer_priced)} no longer priced` : ""}
      {sums.still_unpriced > 0 ? `, ${formatCount(sums.still_unpriced)} without a price` : ""}
      {sums.left > 0 ? `, ${formatCount(sums.left)} left as they are` : ""}
    </p>
  )
}

function Models({ preview, currency }: { preview: NonNullable<Repricing["preview"]>; currency: string }) {
  return (
    <>
      <PastTable
        caption="What would change, by model"
        heads={["Provider / model"]}
        unit="Calls"
        currency={currency}
        rows={preview.models.map((row) => ({
          key: JSON.stringify([row.provider, row.model]),
          name: `${row.provider ?? "no provider"} / ${row.model ?? "no model"}`,
          changed: row.changed,
          before: row.before,
          after: row.after,
          words: [beforeOf(row, currency), afterOf(row, currency)],
        }))}
      />
      {preview.models_left > 0 ? (
        <p className="px-4 py-2 text-label text-ink-10">and {plural(preview.models_left, "more model")}</p>
      ) : null}
    </>
  )
}

/** What has no price is no zero. */
function beforeOf({ before, changed, newly_priced }: RepricingTally, currency: string): string {
  return changed > 0 && newly_priced === changed ? "unpriced" : displayMoney(before, currency)
}

function afterOf({ after, changed, no_longer_priced }: RepricingTally, currency: string): string {
  return changed > 0 && no_longer_priced === changed ? "unpriced" : displayMoney(after, currency)
}
