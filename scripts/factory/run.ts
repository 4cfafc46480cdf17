import { setTimeout as sleep } from "node:timers/promises"
import { World } from "@/scripts/faults/world"
import { sendEvents } from "@/scripts/lib/send-events"
import { deliver, type Plant } from "./delivery"
import { judgePlant, type Verdict, waiting } from "./judge"
import { LINES } from "./plant"

type Strike = { at: number; what: "kill" | "database" }
export type ShiftOptions = {
  /** Names the order of arrival. */
  order: string
  /** What breaks, and after which share of the batches. */
  strikes?: readonly Strike[]
  onProgress?: (done: number, of: number, note: string) => void
}

const SENDERS = 4
/** The watchdog looks every ten seconds. */
const SETTLE_WITHIN_MS = 180_000

/** The whole plant through a real server: policies saved as a person saves them, events delivered while things break, decisions awaited, all judged. */
export async function runShift(
  plant: Plant,
  { order, strikes = [], onProgress = () => {} }: ShiftOptions,
): Promise<Verdict> {
  const world = await World.open()
  try {
    await savePolicies(world)
    const batches = deliver(plant, order)
    const due = [...strikes].sort((a, b) => a.at - b.at)
    let next = 0
    let broken: Promise<void> | null = null
    const send = async () => {
      for (let batch = batches[next++]; batch; batch = batches[next++]) {
        const done = next
        if (due[0] && done >= due[0].at * batches.length && !broken) {
          const { what } = due.shift() as Strike
          onProgress(done, batches.length, what === "kill" ? "kill -9 of the server" : "restart of the database")
          broken = strike(world, what).finally(() => {
            broken = null
          })
        }
        await sendEvents(world.target, batch, { attempts: 200, wait: (ms) => sleep(Math.min(ms, 1_000)) })
        onProgress(done, batches.length, "")
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, send))
    await broken
    return await world.withOwner(async (owner, projectId) => {
      for (let waited = 0; (await waiting(owner, projectId)) > 0; waited += 500) {
        if (waited > SETTLE_WITHIN_MS) throw new Error("the watchdog has not looked at every run within three minutes")
        await sleep(500)
      }
      return await judgePlant(owner, projectId, plant)
    })
  } finally {
    await world.close()
  }
}

async function strike(world: World, what: Strike["what"]): Promise<void> {
  if (what === "kill") {
    await world.server.kill()
    await world.start()
    return
  }
  const pid = world.signalDatabase("SIGINT", false)
  while (!world.isDatabaseReady(pid)) await sleep(20)
}

async function savePolicies({ server }: World): Promise<void> {
  const post = async (path: string, body: unknown, cookie = "") => {
    const answer = await fetch(server.url + path, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/json", cookie },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`POST ${path} was answered ${answer.status}: ${await answer.text()}`)
    return answer
  }
  const session = await post("/api/auth/login", server.admin)
  const cookie = session.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ")
  for (const { workflow, policy } of LINES)
    await post(
      `/api/v1/policies?project=${server.project}`,
      { workflow, document: policy, base_version: 0, reason: "how this plant runs" },
      cookie,
    )
}
