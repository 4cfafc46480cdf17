import { pool } from "@/db/client"
import { liveNotice } from "@/db/live-notice"
import { logError } from "@/lib/http"
import { onCommit } from "./group-commit"

/**
 * Tells open pages what changed, on every instance: at most one NOTIFY per project and 250 ms, after the commit and on a connection of its own
 * (inside the transaction it would line all commits up behind one lock). A lost one delays a page until its next refresh, no figure. Halts are
 * told by who writes them: `exceptions.ts`.
 */
const EVERY_MS = 250

type Pending = Map<number, Set<string>>
const holder = globalThis as typeof globalThis & {
  andonAnnounce?: { pending: Pending; timer: NodeJS.Timeout | undefined }
}
if (!holder.andonAnnounce) {
  holder.andonAnnounce = { pending: new Map(), timer: undefined }
  onCommit((projects) => {
    const state = holder.andonAnnounce as NonNullable<typeof holder.andonAnnounce>
    for (const [projectId, runs] of projects) {
      const waiting = state.pending.get(projectId) ?? new Set<string>()
      for (const run of runs) waiting.add(run)
      state.pending.set(projectId, waiting)
    }
    state.timer ??= setTimeout(() => void send(), EVERY_MS).unref()
  })
}

/** Sends what still waits. For programs that end: the pool must be open until then. */
export async function announceNow(): Promise<void> {
  clearTimeout(holder.andonAnnounce?.timer)
  if ((holder.andonAnnounce?.pending.size ?? 0) > 0) await send()
}

/** Figures of the past have changed, of any run. */
export async function announceSpend(projectId: number): Promise<void> {
  try {
    const message = liveNotice(projectId, ["spend", "runs", "quality"], null)
    await pool("ingest").unsafe("select pg_notify('andon_live', $1::text)", [message])
  } catch (error) {
    logError("a live notice was not sent", error)
  }
}

async function send(): Promise<void> {
  const state = holder.andonAnnounce as NonNullable<typeof holder.andonAnnounce>
  const pending = state.pending
  state.pending = new Map()
  state.timer = undefined
  try {
    const messages = [...pending].map(([project, runs]) =>
      liveNotice(project, ["spend", "runs", "verifications", "quality"], runs),
    )
    await pool("ingest").unsafe("select pg_notify('andon_live', m) from unnest($1::text[]) as m", [messages])
  } catch (error) {
    logError("a live notice was not sent", error)
  }
}
