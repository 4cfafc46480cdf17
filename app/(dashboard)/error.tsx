"use client"

export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null
  return (
    <section role="alert" className="flex flex-col items-start gap-3">
      <h1 className="text-title">This page could not be drawn</h1>
      <p className="text-ink-11">
        Ingest is not touched by this, and nothing was lost. {digest ? `The log has the cause under ${digest}.` : null}
      </p>
      <button type="button" className="button" onClick={() => retry()}>
        Try again
      </button>
    </section>
  )
}
