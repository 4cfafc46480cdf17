import { readJson } from "@/access/body"
import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { BacktestInput } from "@/lib/contracts/policies"
import { jsonAnswer } from "@/lib/http"
import { beginBacktest, cancelBacktest, readBacktest } from "../_lib/backtest"

/** The last one of the project. */
export const GET = route(async (context) => readBacktest(await authorize(context, "runs.read")))

/** Body `{workflow, document, from, to}`. 202: it goes on by itself; `GET` says how far it is. */
export const POST = route(async (context) => {
  const actor = await authorize(context, "policies.manage")
  return jsonAnswer(202, await beginBacktest(actor, await readJson(context.request, BacktestInput)))
})

export const DELETE = route(async (context) => cancelBacktest(await authorize(context, "policies.manage")))
