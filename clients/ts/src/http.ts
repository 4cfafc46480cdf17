/** One request to Andon with a key. Transient failures are those that the same request may overcome later. */
export class Refused extends Error {
  override readonly name = "Refused"
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterMs: number | null,
    readonly body: Record<string, unknown> = {},
  ) {
    super(message)
  }

  get isTransient(): boolean {
    return this.status === 408 || this.status === 425 || this.status === 429 || this.status >= 500
  }
}

export type Ask = (method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal) => Promise<unknown>

export function asker(url: string, key: string, timeoutMs: number, send: typeof fetch): Ask {
  return async (method, path, body, signal) => {
    const answer = await send(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: signal ?? AbortSignal.timeout(timeoutMs),
    })
    const text = await answer.text()
    if (answer.ok) return text === "" ? {} : JSON.parse(text)
    const problem = parsed(text)
    throw new Refused(
      answer.status,
      String(problem.code ?? ""),
      String(problem.detail ?? `Andon answered ${answer.status}`),
      afterMs(answer.headers.get("retry-after")),
      problem,
    )
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

/** Seconds or an HTTP date. */
function afterMs(header: string | null): number | null {
  if (header === null) return null
  const seconds = Number(header)
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 60_000) : null
}

/** Doubles from a quarter of a second to half a minute; the jitter keeps many senders from coming back at once. */
export function backoffMs(attempt: number, retryAfterMs: number | null, random = Math.random): number {
  const wait = Math.min(30_000, 250 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2)
  return Math.max(wait, (retryAfterMs ?? 0) * (1 + random() / 4))
}
