/** What pages ask, over the whole ninety days unless a page asks for less. */
export const READS: { name: string; path: (run: string) => string }[] = [
  { name: "spend by model, 90 days", path: () => "/api/v1/spend?last=90d&by=model" },
  { name: "spend by workflow and model, 90 days", path: () => "/api/v1/spend?last=90d&by=workflow&by=model" },
  { name: "spend of one team by release, 90 days", path: () => "/api/v1/spend?last=90d&by=release&team=team-1" },
  { name: "spend by model, 7 days by hour", path: () => "/api/v1/spend?last=7d&by=model&grain=hour" },
  { name: "runs, newest", path: () => "/api/v1/runs?last=90d" },
  { name: "runs of one workflow", path: () => "/api/v1/runs?last=90d&workflow=workflow-3" },
  { name: "runs, unproven", path: () => "/api/v1/runs?last=90d&proof=unproven" },
  { name: "one run", path: (run) => `/api/v1/runs/${run}` },
  { name: "spans of one run", path: (run) => `/api/v1/runs/${run}/spans` },
  { name: "spans behind a figure", path: () => "/api/v1/spans?last=90d&model=gpt-5" },
  { name: "verifications", path: () => "/api/v1/verifications?last=90d" },
  { name: "halts", path: () => "/api/v1/halts?last=90d" },
  { name: "health", path: () => "/api/v1/health?last=90d" },
  { name: "data quality", path: () => "/api/v1/quality?last=90d" },
]

const TIMES = 60
const WARM_UP = 5

/** Latencies of one call, one after the other on one connection, milliseconds. @throws when an answer is not 200. */
export async function timeRead(url: string, key: string): Promise<{ p50: number; p95: number; bytes: number }> {
  const times: number[] = []
  let bytes = 0
  for (let i = 0; i < WARM_UP + TIMES; i++) {
    const startedAt = performance.now()
    const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } })
    const body = await answer.text()
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${body.slice(0, 300)}`)
    bytes = body.length
    if (i >= WARM_UP) times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(times.length * share)] as number
  return { p50: at(0.5), p95: at(0.95), bytes }
}
