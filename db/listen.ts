import { randomBytes } from "node:crypto"
import postgres from "postgres"
import type { Options } from "./client"

/** How often the line proves itself by hearing its own voice, and how long it may take to. */
const PROOF_EVERY_MS = 20_000
const PROOF_WITHIN_MS = 5_000
const RETRY_AFTER_MS = 2_000

export type Listening = { stop(): Promise<void> }

/**
 * Hears `NOTIFY channel` on one connection of its own for as long as the process lives.
 * States: connecting -> listening -> (lost) -> connecting, every two seconds. The driver listens again once after a lost connection and then
 * gives up silently, and a half-open connection says nothing at all: so the line is proven by a message of its own, and made anew when
 * that does not come back.
 * @param onListening called whenever messages may have been missed: at the first connection and after each gap.
 */
export function listen(
  options: Options,
  channel: string,
  onMessage: (payload: string) => void,
  onListening: () => void,
): Listening {
  const proof = `proof:${randomBytes(8).toString("hex")}`
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let sql: postgres.Sql | undefined
  let heardAt = 0

  async function connect(): Promise<void> {
    const made = postgres({
      ...options,
      max: 1,
      connect_timeout: 5,
      max_lifetime: null,
      onnotice: () => {},
      connection: { application_name: "andon live", ...options.connection },
    })
    sql = made
    try {
      await made.listen(
        channel,
        (payload) => {
          if (payload === proof) heardAt = Date.now()
          else if (!payload.startsWith("proof:")) onMessage(payload)
        },
        onListening,
      )
      later(prove, PROOF_EVERY_MS)
    } catch {
      await again()
    }
  }

  async function prove(): Promise<void> {
    const askedAt = Date.now()
    sql?.notify(channel, proof).catch(() => {})
    later(async () => (heardAt >= askedAt ? later(prove, PROOF_EVERY_MS) : await again()), PROOF_WITHIN_MS)
  }

  async function again(): Promise<void> {
    await sql?.end({ timeout: 0 }).catch(() => {})
    later(connect, RETRY_AFTER_MS)
  }

  function later(work: () => Promise<void> | void, ms: number): void {
    if (isStopped) return
    timer = setTimeout(() => void work(), ms)
    timer.unref()
  }

  void connect()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await sql?.end({ timeout: 1 }).catch(() => {})
    },
  }
}
