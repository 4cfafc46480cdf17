import type { AnyAnswer } from "@/lib/http"
import type { RawRequest } from "./receive"

/**
 * A Next route of a handler that the server in front calls itself: the portable way in, with the same answers to every method.
 * @param handle never rejects.
 */
export function ingestRoute(
  handle: (request: RawRequest) => Promise<AnyAnswer>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const answer = await handle({
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: chunks(request.body),
      remote: request.headers.get("x-andon-remote"),
      requestId: request.headers.get("x-request-id") ?? undefined,
    })
    return new Response(request.method === "HEAD" ? null : answer.body, answer)
  }
}

async function* chunks(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    // Refused in the middle: cancelling would reset the connection under a sender that has yet to read why.
    reader.releaseLock()
  }
}
