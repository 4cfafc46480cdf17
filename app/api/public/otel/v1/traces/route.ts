import { authenticateIngest } from "@/access/authenticate-ingest"
import { otlpHandler } from "@/ingest/otlp-http"
import { ingestRoute } from "@/ingest/web"

const handle = otlpHandler("traces")
/** Spans as OTLP/HTTP, where Langfuse's SDKs send them. */
const traces = ingestRoute((request) => handle(request, authenticateIngest))

export {
  traces as DELETE,
  traces as GET,
  traces as HEAD,
  traces as OPTIONS,
  traces as PATCH,
  traces as POST,
  traces as PUT,
}
