/** A request that the server refused or that did not arrive, in words for the reader. */
export class RequestError extends Error {
  readonly status: number
  readonly code: string
  readonly field: string | null

  constructor(status: number, code: string, message: string, field: string | null = null) {
    super(message)
    this.name = "RequestError"
    this.status = status
    this.code = code
    this.field = field
  }
}

/** Reads an answer of the API. `T` is the contract's type: the server builds the answer from the same schema, and zod stays there. */
export async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  return await request<T>(url, { signal: signal ?? null })
}

/** Sends a change and reads what it made; null where the server answers without a body. */
export async function sendJson<T>(method: "POST" | "PATCH" | "DELETE", url: string, body?: unknown): Promise<T> {
  return await request<T>(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  })
}

async function request<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(url, { ...init, credentials: "same-origin", cache: "no-store" })
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error
    throw new RequestError(
      0,
      "unreachable",
      "Andon does not answer. Check the connection; what was sent may not have arrived.",
    )
  }
  if (response.ok) return (response.status === 204 ? null : await response.json()) as T
  throw await refusal(response)
}

type Problem = { code?: unknown; detail?: unknown; field?: unknown; request_id?: unknown }

async function refusal(response: Response): Promise<RequestError> {
  let problem: Problem = {}
  if (response.headers.get("content-type")?.includes("json")) problem = (await response.json()) as Problem
  const text = (value: unknown) => (typeof value === "string" ? value : null)
  const id = response.status >= 500 ? text(problem.request_id) : null
  return new RequestError(
    response.status,
    text(problem.code) ?? "unknown",
    `${text(problem.detail) ?? `The server answered ${response.status}.`}${id ? ` (request ${id})` : ""}`,
    text(problem.field),
  )
}

/** The address of something of a project: the API's, or a page's. Null leaves the choice of the project to the server. */
export function inProject(path: string, project: string | null, more: Record<string, string> = {}): string {
  return withQuery(path, new URLSearchParams({ ...(project === null ? {} : { project }), ...more }).toString())
}

/** `path?query`, without a lone question mark. */
export function withQuery(path: string, query: string): string {
  return query ? `${path}?${query}` : path
}
