"use client"

import { useEffect, useRef } from "react"
import { Copy } from "@/components/ui/copy-button"
import { Link } from "@/components/ui/link"
import type { SetupDone } from "@/lib/contracts/access"
import { firstRunSnippet } from "@/lib/snippet"

/** The one time that the first key is shown, in the command that sends the first run. */
export function SetupReady({ done }: { done: SetupDone }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const snippet = firstRunSnippet(done)
  return (
    <section className="flex flex-col gap-5" aria-labelledby="ready">
      <div className="flex flex-col gap-1">
        <h1 id="ready" ref={heading} tabIndex={-1} className="text-headline font-strong outline-none">
          Andon is ready, and you are logged in
        </h1>
        <p className="text-ink-11">
          This is the ingest key of <strong className="font-strong">{done.project}</strong>. It is shown once: keep it
          now, or make another one in Settings.
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <code className="panel min-w-0 flex-1 px-3 py-2 break-all">{done.key}</code>
        <Copy text={done.key} label="Copy the key" isQuiet={false} />
      </div>
      <div className="flex flex-col gap-2">
        <div className="flex items-center justify-between gap-3">
          <h2 className="text-title">Send a first run</h2>
          <Copy text={snippet} label="Copy the command" isQuiet={false} />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
        <pre className="panel payload payload-command" tabIndex={0}>
          {snippet}
        </pre>
      </div>
      <Link href={`/?project=${encodeURIComponent(done.project)}`} className="button button-primary" prefetch={false}>
        Wait for the first event
      </Link>
    </section>
  )
}
