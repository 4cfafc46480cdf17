import { authenticateKey } from "@/access/authenticate-key"
import { route } from "@/access/guard"
import { withProject } from "@/db/client"
import { leaseDirectives } from "@/db/queries/directives"
import { AppError } from "@/lib/errors"
import { isHeardOver, untilHeard } from "@/lib/heard"

const LONGEST_S = 55
const MOST_NAMES = 100
/** A notice may be lost; then the directive is found this much later. */
const LOOK_EVERY_MS = 5_000

/**
 * Directives for a runner, by a key with the scope `directives`: at once when there are any, else as soon as there is one, else an empty list after
 * `wait` seconds. What is given is leased for a minute. No connection to the database is held while waiting.
 */
export const GET = route(async (context) => {
  const key = await authenticateKey(context.headers.get("authorization") ?? undefined, "directives", context.remoteIp)
  const query = context.url.searchParams
  const wanted = {
    runs: names(query, "run"),
    workflows: names(query, "workflow"),
    runner: (query.get("runner") ?? key.publicId).slice(0, 200),
  }
  const until = Date.now() + waitOf(query) * 1000
  for (;;) {
    const left = until - Date.now()
    // Listening begins before the look, so that nothing falls between them.
    const heard = untilHeard(
      key.project.id,
      wanted.workflows.length > 0 ? [] : wanted.runs,
      Math.min(left, LOOK_EVERY_MS),
      context.request.signal,
    )
    const items = await withProject(key.project.id, (tx) => leaseDirectives(tx, wanted))
    if (items.length > 0 || left <= 0 || context.request.signal.aborted || isHeardOver()) return { items }
    await heard
  }
})

function names(query: URLSearchParams, name: "run" | "workflow"): string[] {
  const values = query.getAll(name)
  if (values.length > MOST_NAMES)
    throw new AppError("invalid_input", `Name at most ${MOST_NAMES} of them at a time.`, { field: name })
  return values
}

function waitOf(query: URLSearchParams): number {
  const text = query.get("wait") ?? "0"
  if (!/^\d{1,3}$/.test(text))
    throw new AppError("invalid_input", "Seconds to wait, a whole number.", { field: "wait" })
  return Math.min(Number(text), LONGEST_S)
}
