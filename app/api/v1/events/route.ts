import { authenticateIngest } from "@/access/authenticate-ingest"
import { handleEvents } from "@/ingest/http"
import { ingestRoute } from "@/ingest/web"

const events = ingestRoute((request) => handleEvents(request, authenticateIngest))

export {
  events as DELETE,
  events as GET,
  events as HEAD,
  events as OPTIONS,
  events as PATCH,
  events as POST,
  events as PUT,
}
