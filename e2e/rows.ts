import type { APIRequestContext } from "@playwright/test"
import { sumMoney } from "@/lib/money"

/** A number of a page that is a link: what it says exactly, and where it leads. */
export type Figure = { href: string; kind: "money" | "count"; value: string }
/** Rows of an exception hold what is known of their run. */
type Item = { cost?: string | null; run?: { cost: string | null } | null }
type Answer = { items?: Item[]; next_cursor?: string | null; total?: { cost: string | null; calls: number } } & Item

/** The lists behind the pages that numbers lead to, by path. */
const LISTS: Record<string, string> = {
  "/spend/spans": "/api/v1/spans",
  "/runs": "/api/v1/runs",
  "/verifications": "/api/v1/verifications",
  "/halted": "/api/v1/exceptions",
}
/** What a page asks where its address is silent; the API has defaults of its own. */
const DEFAULT_LAST: Record<string, string> = { "/halted": "" }

/**
 * What the rows behind a figure say, read from the API page by page with the address of the link.
 * @returns null where the link leads to no rows, such as a page of settings.
 */
export async function rowsBehind(api: APIRequestContext, figure: Figure): Promise<string | null> {
  const url = new URL(figure.href, "http://localhost")
  const read = async (path: string, query: URLSearchParams): Promise<Answer> => {
    const answer = await api.get(`${path}?${query}`)
    if (answer.status() !== 200) throw new Error(`${path}?${query} answered ${answer.status()}: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
  const query = url.searchParams
  if (url.pathname === "/spend") {
    const { total } = await read("/api/v1/spend", query)
    return figure.kind === "money" ? (total?.cost ?? "unpriced") : String(total?.calls)
  }
  if (/^\/runs\/[^/]+$/.test(url.pathname) && url.pathname !== "/runs/compare") {
    const run = await read(`/api/v1${url.pathname}`, query)
    return figure.kind === "money" ? (run.cost ?? "unpriced") : null
  }
  const ofException = /^\/halted\/\d+$/.exec(url.pathname)
  if (ofException && query.get("runs") === "similar") query.set("similar", "1")
  const list = ofException ? `/api/v1/exceptions/${url.pathname.slice("/halted/".length)}/runs` : LISTS[url.pathname]
  if (list === undefined) return null
  if (!query.has("last") && !query.has("from") && DEFAULT_LAST[url.pathname])
    query.set("last", DEFAULT_LAST[url.pathname] ?? "")
  query.set("limit", "500")
  const items: Item[] = []
  for (let cursor: string | null = null; ; ) {
    if (cursor !== null) query.set("cursor", cursor)
    const page = await read(list, query)
    items.push(...(page.items ?? []))
    cursor = page.next_cursor ?? null
    if (cursor === null) break
  }
  if (figure.kind === "count") return String(items.length)
  const costs = items
    .map(({ cost, run }) => run?.cost ?? cost)
    .flatMap((cost) => (cost === null || cost === undefined ? [] : [cost]))
  return costs.length === 0 && items.length > 0 ? "unpriced" : sumMoney(costs)
}
