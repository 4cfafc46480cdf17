"use client"

type ShowMoreProps = {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  word?: string
}

/** The next page of a list, below what stands; nothing where there is none. */
export function ShowMore({ query, word = "Show older ones" }: ShowMoreProps) {
  if (!query.hasNextPage) return null
  return (
    <p className="border-t border-line p-2 text-right">
      <button
        type="button"
        className="button button-quiet"
        disabled={query.isFetchingNextPage}
        onClick={() => void query.fetchNextPage()}
      >
        {query.isFetchingNextPage ? "Reading" : word}
      </button>
    </p>
  )
}
