import { accessConfig } from "@/access/config"
import { route } from "@/access/guard"
import { listProjects, requireUser } from "@/access/project"
import type { Me } from "@/lib/contracts/access"

/** Who is logged in, and the projects that the person may see. */
export const GET = route(async ({ request }): Promise<Me> => {
  const user = await requireUser(request.headers)
  return {
    user: { id: user.userId, email: user.email, name: user.name, is_admin: user.isAdmin },
    projects: await listProjects(user),
    is_insecure_http: accessConfig().isInsecureOnPurpose,
  }
})
