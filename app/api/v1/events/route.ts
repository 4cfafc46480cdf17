import type { NextRequest } from "next/server"
import { authenticateIngest } from "@/access/authenticate-ingest"
import { handleEvents } from "@/ingest/http"

/** The portable way in: the handler that the server in front calls itself, with the same answers to every method. */
async function events(request: NextRequest): Promise<Response> {
  const answer = await handleEvents(
    {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      body: chunks(request.body),
      remote: request.headers.get("x-andon-remote"),
      requestId: request.headers.get("x-request-id") ?? undefined,
    },
    authenticateIngest,
  )
  return new Response(request.method === "HEAD" ? null : answer.body, answer)
}

export {
  events as DELETE,
  events as GET,
  events as HEAD,
  events as OPTIONS,
  events as PATCH,
  events as POST,
  events as PUT,
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
