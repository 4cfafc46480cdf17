"use client"

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query"
import { useMemo } from "react"
import { deadLettersQuery, replayDeadLetter } from "@/components/data/settings"
import { useFilters } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { isNarrowed, LetterChips, WIDE } from "@/components/settings/letter-chips"
import { formWords } from "@/components/settings/quality-words"
import { warningsSentence } from "@/components/settings/sentences"
import { Copy } from "@/components/ui/copy-button"
import { Count, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { FilteredOut, Panel } from "@/components/ui/panel"
import { ShowMore } from "@/components/ui/show-more"
import type { DeadLetter } from "@/lib/contracts/read"

const NO_DEFAULTS = {}

/** What ingest refused or found contradicting, with the raw event, to repair and to replay. */
export function IngestView({ mayReplay }: { mayReplay: boolean }) {
  const { filters, change } = useFilters(NO_DEFAULTS)
  const query = useInfiniteQuery(deadLettersQuery(filters))
  const letters = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  const count = letters && { value: letters.length, is_capped: query.hasNextPage }
  return (
    <>
      <h1 className="text-title">{count ? warningsSentence(count, isNarrowed(filters)) : "Ingest warnings"}</h1>
      <LetterChips filters={filters} change={change} />
      <Panel
        title="Events that were refused or contradict an earlier one"
        query={{ ...query, data: letters, isPlaceholderData: false }}
        minHeight={240}
        isEmpty={(list) => list.length === 0}
        empty={
          isNarrowed(filters) ? (
            <FilteredOut what="refused events" filters="this reason and source" clear={() => change(WIDE)} />
          ) : (
            <p className="text-ink-11">
              Nothing was refused. What ingest cannot take is kept here with its reason; the rest of its batch lands.
            </p>
          )
        }
      >
        {(list) => (
          <>
            <ul>
              {list.map((letter) => (
                <li key={letter.id} className="border-b border-line last:border-b-0">
                  <Letter letter={letter} mayReplay={mayReplay} />
                </li>
              ))}
            </ul>
            <ShowMore query={query} />
          </>
        )}
      </Panel>
    </>
  )
}

function Letter({ letter, mayReplay }: { letter: DeadLetter; mayReplay: boolean }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const replay = useMutation({
    mutationFn: () => replayDeadLetter(slug, letter.id),
    onSettled: () => client.invalidateQueries({ queryKey: ["settings", "dead-letters"] }),
  })
  return (
    <details className="px-4 py-3">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-4 gap-y-1">
        <Light light={letter.kind === "conflict" ? "alarm" : "failed"}>{letter.kind}</Light>
        <span className="min-w-0 font-strong break-words">{letter.message}</span>
        <span className="text-label text-ink-11">
          <code>{letter.code}</code>
          {letter.field ? (
            <>
              {" "}
              in <code>{letter.field}</code>
            </>
          ) : null}{" "}
          · {formWords(letter.form)}
        </span>
        <span className="ml-auto text-label text-ink-11">
          <Count value={letter.count} /> {letter.count === 1 ? "time" : "times"}, last{" "}
          <When at={letter.last_at} isRelative />
        </span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <pre className="payload mt-2 rounded-base bg-ink-2" tabIndex={0}>
        {letter.raw}
      </pre>
      <div className="mt-2 flex flex-wrap items-center gap-3">
        <Copy text={letter.raw} label="Copy the raw event" isQuiet={false} />
        {mayReplay ? (
          <button type="button" className="button" disabled={replay.isPending} onClick={() => replay.mutate()}>
            {replay.isPending ? "Replaying" : "Replay"}
          </button>
        ) : null}
        <span role="status" className="text-label text-ink-11">
          {replay.error
            ? replay.error.message
            : replay.isSuccess
              ? "Sent again."
              : letter.replayed_at
                ? "Replayed before."
                : ""}
        </span>
      </div>
    </details>
  )
}
