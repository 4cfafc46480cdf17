"use client"

/** Stands in for the whole document when the root layout itself fails, so it brings its own. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && "digest" in error ? String(error.digest) : null
  return (
    <html lang="en">
      <head>
        <title>Andon could not draw this page</title>
      </head>
      <body style={{ font: "14px/20px system-ui, sans-serif", padding: 24, colorScheme: "light dark" }}>
        <main>
          <h1 style={{ fontSize: 16 }}>Andon could not draw this page</h1>
          <p>
            Ingest is not touched by this, nothing was lost. {digest ? `The log has the cause under ${digest}.` : null}
          </p>
          <button type="button" onClick={() => retry()}>
            Try again
          </button>
        </main>
      </body>
    </html>
  )
}
