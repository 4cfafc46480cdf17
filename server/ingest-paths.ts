import { handleEvents } from "@/ingest/http"
import { handleLangfuse, handleScore } from "@/ingest/langfuse-http"
import { otlpHandler } from "@/ingest/otlp-http"
import type { Authenticate, RawRequest } from "@/ingest/receive"
import type { AnyAnswer } from "@/lib/http"

export type IngestHandler = (request: RawRequest, authenticate: Authenticate) => Promise<AnyAnswer>

/** What the server in front hands straight to ingest, past Next; each is mounted as a Next route too. */
export const INGEST: ReadonlyMap<string, IngestHandler> = new Map<string, IngestHandler>([
  ["/api/v1/events", handleEvents],
  ["/api/public/ingestion", handleLangfuse],
  ["/api/public/scores", handleScore],
  ...(["traces", "logs", "metrics"] as const).flatMap((signal): [string, IngestHandler][] => {
    const handle = otlpHandler(signal)
    return [
      [`/v1/${signal}`, handle],
      [`/api/public/otel/v1/${signal}`, handle],
    ]
  }),
])
