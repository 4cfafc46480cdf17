import { parseInput, readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { ACT_INPUTS, type BulkAnswer, BulkInput } from "@/lib/contracts/exceptions"
import { AppError } from "@/lib/errors"
import { actOnOne } from "../_lib/act"

/** The same act on many, each in the version that was seen and in a transaction of its own: what is refused is told, and stops no other. */
export const POST = route(async (context): Promise<BulkAnswer> => {
  const actor = await authorize(context, "exceptions.act")
  const { act, items, ...input } = await readJson(context.request, BulkInput)
  const outcomes: BulkAnswer["outcomes"] = []
  for (const { id, version } of items) {
    try {
      const one = parseInput({ ...input, version }, ACT_INPUTS[act])
      const { state, version: made } = await actOnOne(context, actor, act, id, one)
      outcomes.push({ id, is_done: true, state, version: made, error: null })
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "database_unavailable") throw error
      outcomes.push({ id, is_done: false, state: null, version: null, error: error.message })
    }
  }
  return { outcomes }
})
