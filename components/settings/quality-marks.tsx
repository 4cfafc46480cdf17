"use client"

import type { ReactNode } from "react"
import { traceHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { lettersHref } from "@/components/settings/letters"
import { doorWords, flagWords, keyWords, reasonWords } from "@/components/settings/quality-words"
import { Count, Id, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { useRowKeys } from "@/components/ui/row-keys"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { Source, SourceMark, SourceQuality } from "@/lib/contracts/quality"
import { plural } from "@/lib/format"

const SHOWN = 100
const CONFLICT = "same_id_other_body"
const NO_REASON = ""

/** `last_at` null where only the count is kept. */
type Line = { source: Source; name: string; n: number; last_at: string | null; run_id: string | null }

const lettersOf = (slug: string | null, { source, name }: Line) =>
  lettersHref(slug, source, name === NO_REASON ? null : name)

const linesOf = (
  quality: SourceQuality,
  of: (source: Source) => readonly (SourceMark | Omit<Line, "source">)[],
): Line[] =>
  quality.sources.flatMap((source) => of(source).map((mark) => ({ source, ...mark }))).sort((a, b) => b.n - a.n)

/** Why items were refused; each count leads to what is kept of them, with the way to send it in again. */
export function RefusedTable({ quality }: { quality: SourceQuality }) {
  const { slug } = useScope()
  const lines = linesOf(quality, ({ rejections, rejected, conflicts }) => {
    // What was refused before reasons were counted.
    const rest = rejected - rejections.reduce((all, { n }) => all + n, 0)
    const more = [
      { name: CONFLICT, n: conflicts },
      { name: NO_REASON, n: rest },
    ]
    return [...rejections, ...more.filter(({ n }) => n > 0).map((line) => ({ ...line, last_at: null, run_id: null }))]
  })
  return (
    <Lines lines={lines} head="Reason" label="Reasons">
      {(line) => ({
        what: (
          <Link className="link" href={lettersOf(slug, line)} prefetch={false}>
            {reasonWords(line.name)}
          </Link>
        ),
        last: (
          <Link className="link" href={lettersOf(slug, line)} prefetch={false}>
            Look and replay
            <span className="sr-only">: {reasonWords(line.name)}</span>
          </Link>
        ),
      })}
    </Lines>
  )
}

/** What had to be concluded where nothing said it, and clocks that cannot be right; with the last run where it happened. */
export function DoubtsTable({ quality }: { quality: SourceQuality }) {
  const { slug } = useScope()
  return (
    <div id="doubts" className="scroll-mt-16">
      <Lines lines={linesOf(quality, ({ flags }) => flags)} head="What" label="Doubts">
        {({ name, run_id }) => ({
          what: <span title={name}>{flagWords(name)}</span>,
          last:
            run_id === null ? null : (
              <Link className="link" href={traceHref(slug, run_id)} prefetch={false} title={run_id}>
                <Id id={run_id} canCopy={false} length={16} />
              </Link>
            ),
        })}
      </Lines>
    </div>
  )
}

type LinesProps = {
  lines: readonly Line[]
  head: string
  label: string
  children: (line: Line) => { what: ReactNode; last: ReactNode }
}

function Lines({ lines, head, label, children }: LinesProps) {
  const keys = useRowKeys()
  const hidden = lines.slice(SHOWN)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys move between the links inside
    <div onKeyDown={keys}>
      <ScrollBox label={label}>
        <table className="table card-table">
          <thead>
            <tr>
              <th scope="col">{head}</th>
              <th scope="col">Source</th>
              <th scope="col" className="num">
                Times
              </th>
              <th scope="col">Last</th>
              <th scope="col">
                <span className="sr-only">Where</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(0, SHOWN).map((line) => {
              const { source, name, n, last_at } = line
              const { what, last } = children(line)
              return (
                <tr key={JSON.stringify([source.key, source.format, source.convention, name])} data-row>
                  <th scope="row" className="row-head whitespace-normal">
                    {what}
                  </th>
                  <td data-label="Source" className="max-w-72 text-ink-11">
                    <bdi className="block truncate" title={`${keyWords(source)}, ${doorWords(source)}`}>
                      {keyWords(source)}, {doorWords(source)}
                    </bdi>
                  </td>
                  <td data-label="Times" className="num">
                    <Count value={n} />
                  </td>
                  <td data-label="Last">{last_at === null ? "–" : <When at={last_at} isRelative />}</td>
                  <td data-label="" className="num">
                    {last}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </ScrollBox>
      {hidden.length > 0 ? (
        <p className="px-4 py-2 text-label text-ink-10">
          and {plural(hidden.length, "more line")} with <Count value={hidden.reduce((all, { n }) => all + n, 0)} />
        </p>
      ) : null}
    </div>
  )
}
