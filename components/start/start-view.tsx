"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { todaysQuality } from "@/components/data/board"
import { traceHref } from "@/components/data/href"
import { qualityQuery } from "@/components/data/quality"
import { runsQuery } from "@/components/data/runs"
import { createKey } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { Copy } from "@/components/ui/copy-button"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { firstRunSnippet } from "@/lib/snippet"

const KEY_PLACEHOLDER = "PUT_AN_INGEST_KEY_HERE"

/** Nothing has arrived yet: the command that sends the first event, and what it made as soon as it is here. */
export function StartView({ origin }: { origin: string }) {
  const { project, slug } = useScope()
  const runs = useQuery({ ...runsQuery({ ...DEFAULT_FILTERS, project: slug, limit: 1 }), placeholderData: undefined })
  // Costs and spans without a run are events too.
  const quality = useQuery(qualityQuery(todaysQuality({ ...DEFAULT_FILTERS, project: slug })))
  const router = useRouter()
  const make = useMutation({
    mutationFn: () => createKey(slug, { name: `first-events-${suffix()}`, scopes: ["ingest"] }),
  })
  const snippet = firstRunSnippet({ url: origin, key: make.data?.secret ?? KEY_PLACEHOLDER })
  const run = runs.data?.items[0]
  const isHere = run !== undefined || (quality.data?.last_event_at ?? null) !== null
  const title = run
    ? "The first run is here"
    : isHere
      ? "The first event is here"
      : `Send the first event to ${project.name}`
  return (
    <div className="flex max-w-[820px] flex-col gap-4">
      <h1 className="text-title">{title}</h1>
      <section className="panel min-w-0" aria-label="Snippet">
        <header className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
          <span className="text-label text-ink-11">
            {make.data
              ? "With a new key, shown this once: copy it now."
              : "Put in an ingest key, or make one for this command."}
          </span>
          <span className="ml-auto flex gap-2">
            {project.role === "admin" && !make.data ? (
              <button type="button" className="button" disabled={make.isPending} onClick={() => make.mutate()}>
                Fill in a new key
              </button>
            ) : null}
            <Copy text={snippet} label="Copy the command" isQuiet={false} />
          </span>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
        <pre className="payload payload-command" tabIndex={0}>
          {snippet}
        </pre>
      </section>
      {make.error ? <p role="alert">{make.error.message}</p> : null}
      <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <LightShape light={isHere ? "verified" : "silent"} />
        {run ? (
          <Link className="button button-primary" href={traceHref(slug, run.id)}>
            Open run <span className="max-w-64 truncate">{run.id}</span>
          </Link>
        ) : null}
        {isHere ? (
          <button type="button" className="button" onClick={() => router.refresh()}>
            Show the board
          </button>
        ) : (
          <p className="min-w-0 flex-1">Waiting for the first event. This page notices it by itself.</p>
        )}
      </div>
    </div>
  )
}

/** Key names are unique among active ones; a second visit makes a second key. */
function suffix(): string {
  return Date.now().toString(36)
}
