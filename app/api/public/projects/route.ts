import { authenticateIngest } from "@/access/authenticate-ingest"
import { route } from "@/access/guard"
import { langfuseFailure } from "@/ingest/langfuse-http"

/** The project of an ingest key, as Langfuse's clients ask for it to check their keys. */
export const GET = route(async ({ headers, remoteIp, requestId }) => {
  try {
    const { project } = await authenticateIngest(headers.get("authorization") ?? undefined, remoteIp)
    return { data: [{ id: project.slug, name: project.name, metadata: {} }] }
  } catch (error) {
    return langfuseFailure(error, requestId)
  }
})
