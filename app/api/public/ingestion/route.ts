import { authenticateIngest } from "@/access/authenticate-ingest"
import { handleLangfuse } from "@/ingest/langfuse-http"
import { ingestRoute } from "@/ingest/web"

/** Batches of Langfuse's SDKs. */
const ingestion = ingestRoute((request) => handleLangfuse(request, authenticateIngest))

export {
  ingestion as DELETE,
  ingestion as GET,
  ingestion as HEAD,
  ingestion as OPTIONS,
  ingestion as PATCH,
  ingestion as POST,
  ingestion as PUT,
}
