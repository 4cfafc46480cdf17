import type { KeyActor } from "@/access/actor"
import { acceptEvents } from "@/ingest/accept"
import { DAY_MS } from "@/lib/time"
import { progress } from "@/scripts/lib/progress"
import { DAYS, SPANS_PER_RUN, type Template } from "./fill"
import { runEvents } from "./workload"

const RUNS_PER_BATCH = 100

/** What goes through the ingest of this process comes with this key, of the project that is copied from afterwards. */
export const templateKey = (projectId: number): KeyActor => ({
  kind: "key",
  keyId: 0,
  keyName: "bench",
  publicId: "",
  scopes: ["ingest"],
  environment: null,
  project: {
    id: projectId,
    slug: "template",
    name: "template",
    zone: "UTC",
    currency: "USD",
    prefersReportedCost: true,
    isDemo: false,
  },
})

/** One full day of runs through the real pipeline, as many as `spans` stored in all need a day. */
export async function makeTemplate(projectId: number, spans: number): Promise<Template> {
  const runs = Math.round(spans / SPANS_PER_RUN / DAYS)
  const day = Math.floor(Date.now() / DAY_MS) * DAY_MS - (DAYS + 1) * DAY_MS
  const key = templateKey(projectId)
  const bar = progress("one day through the ingest", runs, { unit: "runs" })
  for (let first = 0; first < runs; first += RUNS_PER_BATCH) {
    const events: object[] = []
    let at = day
    for (let i = first; i < Math.min(first + RUNS_PER_BATCH, runs); i++) {
      at = day + Math.floor((i / runs) * (DAY_MS - 60_000))
      events.push(...runEvents("t", i, at))
    }
    await acceptEvents({ key, events, receivedAt: at + 30_000, requestId: `template-${first}` })
    bar.update(first)
  }
  bar.finish(`one day through the ingest: ${runs} runs`)
  return { projectId, runs, day }
}
