import type { IngestAnswer } from "@/lib/contracts/events"
import { AppError } from "@/lib/errors"
import { type HttpAnswer, jsonAnswer, problem } from "@/lib/http"
import { acceptEvents, type Incoming } from "./accept"
import { type BodyFormat, decodeBody } from "./decode"
import { directivesHeader } from "./directives-header"
import { type Authenticate, mediaType, type RawRequest, type ReceiveOptions, receive } from "./receive"

export { type Authenticate, newRequestId, type RawRequest } from "./receive"

export type Accept = (input: Incoming) => Promise<IngestAnswer>
export type Options = ReceiveOptions & { accept?: Accept }

/** `POST /api/v1/events`, the same for both ways in. Never rejects: whatever fails becomes problem details (RFC 9457). */
export async function handleEvents(
  request: RawRequest,
  authenticate: Authenticate,
  { accept = acceptEvents, ...options }: Options = {},
): Promise<HttpAnswer> {
  return await receive<BodyFormat, HttpAnswer>(
    request,
    authenticate,
    {
      format: bodyFormat,
      async work({ key, format, body, receivedAt, requestId, limits }) {
        const { events, warnings } = decodeBody(body, format, limits.eventsPerRequest)
        const answer = await accept({ key, events, receivedAt, requestId })
        if (warnings.length > 0) answer.warnings = [...warnings, ...answer.warnings]
        return jsonAnswer(200, answer, directivesHeader(answer.directives))
      },
      fail: problem,
    },
    options,
  )
}

function bodyFormat(contentType: string | undefined): BodyFormat {
  if (contentType === "application/json") return "json"
  const media = mediaType(contentType)
  if (media === "application/json") return "json"
  if (media === "application/x-ndjson") return "ndjson"
  throw new AppError("unsupported_media_type", "Send application/json or application/x-ndjson.", {
    field: "content-type",
  })
}
