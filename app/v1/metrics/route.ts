import { authenticateIngest } from "@/access/authenticate-ingest"
import { otlpHandler } from "@/ingest/otlp-http"
import { ingestRoute } from "@/ingest/web"

const handle = otlpHandler("metrics")
/** Metrics as OTLP/HTTP. */
const metrics = ingestRoute((request) => handle(request, authenticateIngest))

export {
  metrics as DELETE,
  metrics as GET,
  metrics as HEAD,
  metrics as OPTIONS,
  metrics as PATCH,
  metrics as POST,
  metrics as PUT,
}
