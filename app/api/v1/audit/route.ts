import { z } from "zod"
import { listAudit } from "@/access/audit"
import { parseInput } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"

const Page = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/, "not a cursor of this list")
    .nullable(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** Newest first: `?cursor=&limit=`. Which rows a role sees is decided in `access/audit.ts`. */
export const GET = route(async (context) => {
  const actor = await authorize(context, "audit.read")
  const query = context.url.searchParams
  const page = parseInput({ cursor: query.get("cursor"), limit: query.get("limit") ?? undefined }, Page)
  return await listAudit(actor, page)
})
