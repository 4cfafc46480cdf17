import { route } from "@/access/guard"
import { requireUser } from "@/access/project"
import { listSessions } from "@/access/sessions"

/** One's own sessions. */
export const GET = route(async ({ request }) => await listSessions(await requireUser(request.headers)))
