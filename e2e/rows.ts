import type { APIRequestContext } from "@playwright/test"
import { sumMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"
import type { Figure } from "./figures"

type Tokens = Record<string, number>
/** A row of any list, of which only what can be summed is of interest. */
type Row = {
  cost?: string | null
  tokens?: Tokens | null
  active?: number | null
  is_call?: boolean
  /** Rows of an exception hold what is known of their run. */
  run?: { cost: string | null; calls: number } | string | null
}

/** The buckets of usage that a column of tokens sums up. */
const COLUMNS: Record<string, readonly string[]> = {
  "Input tokens": ["input", "audio_input"],
  Cached: ["cache_read", "cache_write"],
  Output: ["output", "reasoning", "audio_output"],
}

/** The list that holds the rows behind an address, as the page there asks for it; null where there are no rows to sum. */
function listBehind(href: string): { list: string; query: URLSearchParams } | null {
  const { pathname, searchParams: query } = new URL(href, "http://localhost")
  query.delete("cursor")
  const of = (list: string) => ({ list: `/api/v1/${list}`, query })
  const [, page = "", id = ""] = /^\/([a-z]+)(?:\/([^/]+))?$/.exec(pathname) ?? []
  if (page === "spend") return of("spans")
  if (page === "verifications") {
    const group = query.get("group")
    query.delete("group")
    return of(group === null ? "verifications" : `verifications/failures/${group}`)
  }
  if (page === "runs" && id === "") return of("runs")
  if (page === "runs" && id !== "compare") {
    query.delete("span")
    return of(`runs/${id}/spans`)
  }
  if (page === "halted" && id === "") query.set("kind", "halt")
  if ((page === "halted" || page === "exceptions") && id === "") return of("exceptions")
  if (page === "halted" || page === "exceptions") {
    if (query.get("runs") === "similar") query.set("similar", "1")
    query.delete("runs")
    return of(`exceptions/${id}/runs`)
  }
  return null
}

/** Reads the rows behind figures; a list that many figures lead to is read once. */
export function rowReader(api: APIRequestContext) {
  const read = new Map<string, Promise<Row[]>>()

  async function readAll(list: string, query: URLSearchParams): Promise<Row[]> {
    const rows: Row[] = []
    for (let cursor: string | null = null; ; ) {
      const answer = await api.get(
        `${list}?${new URLSearchParams([...query, ...(cursor ? [["cursor", cursor]] : [])])}`,
      )
      if (answer.status() !== 200)
        throw new Error(`${list}?${query} answered ${answer.status()}: ${await answer.text()}`)
      const page = (await answer.json()) as { items: Row[]; next_cursor: string | null }
      rows.push(...page.items)
      cursor = page.next_cursor
      if (cursor === null) return rows
    }
  }

  /** What the rows behind a figure say, in the words of the figure; null where the link leads to no rows, such as a page of settings. */
  return async function rowsBehind(figure: Figure): Promise<string | null> {
    const found = listBehind(figure.href)
    if (found === null) return null
    const { list, query } = found
    query.set("limit", "500")
    query.sort()
    const key = `${list}?${query}`
    const rows = await (read.get(key) ?? read.set(key, readAll(list, query)).get(key))
    return rows ? said(figure, list, rows) : null
  }
}

function said({ kind, column }: Figure, list: string, rows: Row[]): string {
  if (kind === "count") {
    // A count of halts is of the runs that stand still: an exception is one trouble, not one run.
    if (list === "/api/v1/exceptions") return String(rows.reduce((sum, { active }) => sum + (active ?? Number.NaN), 0))
    return String(rows.length)
  }
  if (kind === "tokens") {
    const buckets = COLUMNS[column] ?? TOKEN_BUCKETS
    return String(
      rows.reduce((sum, { tokens }) => sum + buckets.reduce((all, one) => all + (tokens?.[one] ?? 0), 0), 0),
    )
  }
  const costs = rows.flatMap((row) => {
    // Of the spans of a run only calls cost.
    if (row.is_call === false) return []
    const { run } = row
    if (run !== null && typeof run === "object") return run.calls === 0 ? [] : [run.cost]
    return [row.cost ?? null]
  })
  return costs.length === 0 ? "0" : (sumMoney(costs) ?? "unpriced")
}
