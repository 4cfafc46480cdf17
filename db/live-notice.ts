const MOST_RUNS = 50
/** PostgreSQL refuses a notice of 8,000 bytes, and with it the transaction that gives it; topics and braces need the rest. */
const MOST_BYTES = 7_500

/**
 * What `andon_live` tells: topics of a project in which something changed, and runs that did; `all_runs` says that more did than there is room for.
 * @param runs null = any run of the project may have changed, and none is named.
 */
export function liveNotice(project: number, topics: readonly string[], runs: Iterable<string> | null = []): string {
  const named: string[] = []
  let bytes = 0
  let hasMore = runs === null
  for (const run of runs ?? []) {
    bytes += Buffer.byteLength(JSON.stringify(run)) + 1
    hasMore = named.length === MOST_RUNS || bytes > MOST_BYTES
    if (hasMore) break
    named.push(run)
  }
  return JSON.stringify({ project, topics, runs: named, all_runs: hasMore })
}
