import { isDatabaseUp } from "@/db/ping"
import { type HttpAnswer, jsonAnswer } from "@/lib/http"

/**
 * Life of this process: starting -> serving -> draining, never back. `live` answers as long as the process does; `ready` only while it
 * serves and the database answers.
 */
export type Phase = "starting" | "serving" | "draining"

const PROBE_MS = 1_500
/** Probes of several balancers share one look. */
export const BELIEVED_MS = 500

export class Health {
  phase: Phase = "starting"
  private asked: Promise<boolean> | undefined
  private askedAt = 0

  isDraining(): boolean {
    return this.phase === "draining"
  }

  live(): HttpAnswer {
    return jsonAnswer(200, { status: "live" })
  }

  async ready(): Promise<HttpAnswer> {
    if (this.phase !== "serving") return notReady(this.phase)
    if (!(await this.isDatabaseUp())) return notReady("database_unavailable")
    // The phase may have changed while the database was asked.
    return this.phase === "serving" ? jsonAnswer(200, { status: "ready" }) : notReady(this.phase)
  }

  private isDatabaseUp(): Promise<boolean> {
    const now = Date.now()
    if (!this.asked || now - this.askedAt > BELIEVED_MS) {
      this.askedAt = now
      this.asked = isDatabaseUp(PROBE_MS)
    }
    return this.asked
  }
}

function notReady(reason: string): HttpAnswer {
  return jsonAnswer(503, { status: "not_ready", reason }, { "retry-after": "2" })
}
