/** A plain link: the script of `next/link` would be loaded twice on every page for the sake of this one. */
export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-[480px] flex-col justify-center gap-3 p-6">
      <h1 className="text-title">There is nothing at this address</h1>
      <p className="text-ink-11">
        The page does not exist, or it belongs to a project that you are not a member of. Nothing was changed.
      </p>
      <p>
        <a className="link" href="/">
          Go to the first page
        </a>
      </p>
    </main>
  )
}
