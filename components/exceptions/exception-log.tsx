"use client"

import { CAUSE_WORDS } from "@/components/exceptions/words"
import { When } from "@/components/ui/figures"
import { Panel, type PanelQuery } from "@/components/ui/panel"
import type { ExceptionDetail, ExceptionLogEntry } from "@/lib/contracts/exceptions"
import { DONE_WORDS } from "@/lib/exception-words"
import { whoOf } from "@/lib/who"

/** Every act, newest first, with what people wrote. Nothing of it is ever changed. */
export function ExceptionLog({ query }: { query: PanelQuery<ExceptionDetail> }) {
  return (
    <Panel
      title="What was done"
      query={query}
      minHeight={96}
      isEmpty={({ log }) => log.length === 0}
      empty={<p className="text-ink-11">Nobody has done anything about it yet.</p>}
    >
      {({ log, log_count }) => (
        <>
          <ol>
            {log.map((entry) => (
              <Entry key={entry.n} entry={entry} />
            ))}
          </ol>
          {log_count > log.length ? (
            <p className="px-4 py-2 text-label text-ink-10">
              The latest {log.length} of {log_count} acts; the audit log has them all.
            </p>
          ) : null}
        </>
      )}
    </Panel>
  )
}

function Entry({ entry: { actor, action, at, cause, note, assignee } }: { entry: ExceptionLogEntry }) {
  const did =
    action === "assign"
      ? assignee === null
        ? "gave it back"
        : `assigned it to ${assignee === whoOf(actor) ? "themselves" : assignee}`
      : DONE_WORDS[action]
  return (
    <li className="log-entry">
      <p>
        <bdi className="font-strong">{whoOf(actor)}</bdi> {did}
        {cause === null ? null : `: ${CAUSE_WORDS[cause]}`}
        <span className="text-ink-10">
          {" "}
          · <When at={at} />
        </span>
      </p>
      {note === null ? null : (
        <p className="whitespace-pre-wrap text-ink-11 wrap-anywhere">
          <bdi>{note}</bdi>
        </p>
      )}
    </li>
  )
}
