import { authenticateIngest } from "@/access/authenticate-ingest"
import { handleScore } from "@/ingest/langfuse-http"
import { ingestRoute } from "@/ingest/web"

/** One Langfuse score outside a batch. */
const scores = ingestRoute((request) => handleScore(request, authenticateIngest))

export {
  scores as DELETE,
  scores as GET,
  scores as HEAD,
  scores as OPTIONS,
  scores as PATCH,
  scores as POST,
  scores as PUT,
}
