import { route } from "@/access/guard"
import packageJson from "@/package.json"

/** What Langfuse's clients ask first. Whether the data store answers is `/healthz/ready`. */
export const GET = route(async () => ({ status: "OK", version: packageJson.version }))
