import { authenticateIngest } from "@/access/authenticate-ingest"
import { otlpHandler } from "@/ingest/otlp-http"
import { ingestRoute } from "@/ingest/web"

const handle = otlpHandler("logs")
/** Log records as OTLP/HTTP, where Langfuse's SDKs send them. */
const logs = ingestRoute((request) => handle(request, authenticateIngest))

export { logs as DELETE, logs as GET, logs as HEAD, logs as OPTIONS, logs as PATCH, logs as POST, logs as PUT }
