import type { Target } from "@/scripts/lib/send-events"

export type RawAnswer = { status: number; body: Record<string, unknown>; ms: number }

/** One request with a body of the caller's own making, answered with whatever comes. */
export async function rawPost(
  target: Target,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const started = performance.now()
  const response = await fetch(new URL("/api/v1/events", target.url), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${target.key}`, ...headers },
    body,
  })
  const text = await response.text()
  const parsed = JSON.parse(text) as Record<string, unknown>
  return { status: response.status, body: parsed, ms: performance.now() - started }
}
