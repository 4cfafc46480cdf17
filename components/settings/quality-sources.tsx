"use client"

import type { ReactNode } from "react"
import { useScope } from "@/components/frame/project"
import { lettersHref } from "@/components/settings/letters"
import { doorWords, isUntold, keyWords, lagWords } from "@/components/settings/quality-words"
import { Count, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { useRowKeys } from "@/components/ui/row-keys"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { Source, SourceQuality } from "@/lib/contracts/quality"
import { plural } from "@/lib/format"

const HEADS = ["Duplicates", "Conflicts", "Refused", "In doubt", "Cleaned", "Ignored"]

export function SourcesTable({ quality }: { quality: SourceQuality }) {
  const keys = useRowKeys()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links inside
    <div onKeyDown={keys}>
      <ScrollBox label="Rows of the sources">
        <table className="table card-table">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Last event</th>
              <th scope="col" className="num" title="Within what half of the events came, and 95 % of them">
                Lag, half / 95 %
              </th>
              <th scope="col" className="num">
                Taken
              </th>
              {HEADS.map((word) => (
                <th key={word} scope="col" className="num">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {quality.sources.map((source) => (
              <SourceRow key={JSON.stringify([source.key, source.format, source.convention])} source={source} />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="border-t border-line px-4 py-2 text-label text-ink-10">
        <span className="md:hidden">What is 0 is left out. </span>
        {quality.more_sources > 0 ? `And ${plural(quality.more_sources, "more source")}. ` : ""}
        Counted by the full hour. A duplicate was sent again and changed nothing; what is ignored says nothing that
        Andon keeps, such as most log records.
      </p>
    </div>
  )
}

function SourceRow({ source }: { source: Source }) {
  const { slug } = useScope()
  const lag = lagWords(source)
  const doubts = source.flags.reduce((all, flag) => all + flag.n, 0)
  const name = `${keyWords(source)}, ${doorWords(source)}`
  return (
    <tr data-row>
      <th scope="row" className="row-head" title={name}>
        <bdi className="block truncate">{keyWords(source)}</bdi>
        <span className="block truncate text-label text-ink-10">{doorWords(source)}</span>
      </th>
      <td data-label="Last event" className="whitespace-nowrap">
        {source.last_event_at === null ? <None /> : <When at={source.last_event_at} isRelative />}
      </td>
      <td data-label="Lag, half / 95 %" className="num text-ink-11" title={lag?.title}>
        {lag?.text ?? <None />}
      </td>
      <Figure label="Taken" value={source.accepted} />
      <Figure label="Duplicates" value={source.duplicates} />
      <Figure
        label="Conflicts"
        value={source.conflicts}
        href={lettersHref(slug, source, "same_id_other_body")}
        of={name}
      />
      <Figure label="Refused" value={source.rejected} href={lettersHref(slug, source, null)} of={name} />
      <Figure label="In doubt" value={isUntold(source) ? null : doubts} href="#doubts" of={name} />
      <Figure label="Cleaned" value={source.sanitized} />
      <Figure label="Ignored" value={isUntold(source) ? null : source.ignored} />
    </tr>
  )
}

type FigureProps = { label: string; value: number | null; href?: string; of?: string }

function Figure({ label, value, href, of }: FigureProps): ReactNode {
  return (
    <td data-label={label} data-zero={!value} className={value ? "num" : "num text-ink-10"}>
      {value === null ? (
        <None />
      ) : href !== undefined && value > 0 ? (
        <Link className="link text-alarm" href={href} prefetch={false}>
          <Count value={value} />
          <span className="sr-only">
            {" "}
            {label} of {of}
          </span>
        </Link>
      ) : (
        <Count value={value} />
      )}
    </td>
  )
}

const None = () => <span className="text-ink-10">–</span>
