import { parseInput } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { AppError } from "@/lib/errors"
import { importPrices, readFileBody } from "../_lib/import"
import { ImportQuery } from "../_lib/import-query"

/** Body: LiteLLM's price file as it is. `as_of` (YYYY-MM-DD) dates it; `digest` of the preview writes it, `confirm=1` for tenfold changes. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "prices.import")
  const type = context.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase()
  if (type !== "application/json") throw new AppError("unsupported_media_type", "Send application/json.")
  const { as_of, digest, confirm } = parseInput(Object.fromEntries(context.url.searchParams), ImportQuery)
  const order = { asOf: as_of, digest: digest ?? null, isConfirmed: confirm === "1" }
  return await importPrices(actor, await readFileBody(context.request), order, context)
})
