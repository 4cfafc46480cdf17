import { QueryCache, QueryClient } from "@tanstack/react-query"
import { RequestError } from "@/components/data/http"

/**
 * One client a request on the server, one for the life of the page in the browser. Data that came with the HTML counts as fresh for a while,
 * so hydration does not ask again; the live stream says when it is not.
 */
export function makeQueryClient(onError?: (error: Error, key: readonly unknown[]) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => onError?.(error, query.queryKey) }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 2 && isTransient(error),
      },
    },
  })
}

function isTransient(error: Error): boolean {
  return error instanceof RequestError && (error.status === 0 || error.status === 429 || error.status >= 500)
}
