import type { TransactionSql } from "postgres"
import { dimensionSets } from "@/db/schema/ledger"
import { digest16 } from "@/lib/canonical"
import { OTHER } from "@/lib/vocabulary"
import type { Placement, SpanState } from "./span-state"
import { columns, insertText, Rows } from "./sql-arrays"

/** The combination that a span, a run or a verification is counted under. */
export type DimensionTuple = {
  provider: string | null
  model: string | null
  workflow: string | null
  step: string | null
  environment: string | null
  release: string | null
  team: string | null
  customer: string | null
  keyId: number | null
}

/** What the run says holds; where it says nothing, the span's own. Names past the limit are counted as "(other)". */
export function spanTuple(
  span: Pick<SpanState, "provider" | "model" | "step" | "placement" | "other" | "keyId">,
  run: Placement,
  runOther: readonly string[],
): DimensionTuple {
  const own = (name: "provider" | "model" | "step") =>
    span[name] !== null && span.other.includes(name) ? OTHER : span[name]
  const placed = (name: keyof Placement) => {
    if (run[name] !== null) return runOther.includes(name) ? OTHER : run[name]
    return span.placement[name] !== null && span.other.includes(name) ? OTHER : span.placement[name]
  }
  return {
    provider: own("provider"),
    model: own("model"),
    workflow: placed("workflow"),
    step: own("step"),
    environment: placed("environment"),
    release: placed("release"),
    team: placed("team"),
    customer: placed("customer"),
    keyId: span.keyId,
  }
}

export function runTuple(run: Placement, other: readonly string[]): DimensionTuple {
  const placed = (name: keyof Placement) => (run[name] !== null && other.includes(name) ? OTHER : run[name])
  return {
    provider: null,
    model: null,
    step: null,
    workflow: placed("workflow"),
    environment: placed("environment"),
    release: placed("release"),
    team: placed("team"),
    customer: placed("customer"),
    keyId: null,
  }
}

const tupleKey = (projectId: number, t: DimensionTuple): string =>
  JSON.stringify([
    projectId,
    t.provider,
    t.model,
    t.workflow,
    t.step,
    t.environment,
    t.release,
    t.team,
    t.customer,
    t.keyId,
  ])

type NewSet = { projectId: number; digest: string; tuple: DimensionTuple }
const COLUMNS = columns<NewSet>({
  project_id: (row) => row.projectId,
  digest: (row) => row.digest,
  provider: (row) => row.tuple.provider,
  model: (row) => row.tuple.model,
  workflow: (row) => row.tuple.workflow,
  step: (row) => row.tuple.step,
  environment: (row) => row.tuple.environment,
  release: (row) => row.tuple.release,
  team: (row) => row.tuple.team,
  customer: (row) => row.tuple.customer,
  key_id: (row) => row.tuple.keyId,
})
const INSERT = insertText(dimensionSets, COLUMNS.names, "on conflict (project_id, digest) do nothing")
const FIND =
  "select id, project_id, digest from dimension_sets where (project_id, digest) in (select * from unnest(($1::text)::int[], ($2::text)::uuid[]))"

/**
 * Ids of dimension sets, made when new. Ids are never taken back, so a cached one stays true, except when the transaction that made it is rolled
 * back: new ones enter the cache only after the commit (`remember`).
 */
export class DimensionIds {
  readonly #cache: Map<string, number>
  readonly #fresh = new Map<string, number>()
  readonly #wanted = new Map<string, { projectId: number; tuple: DimensionTuple }>()

  constructor(cache: Map<string, number>) {
    this.#cache = cache
  }

  want(projectId: number, tuple: DimensionTuple): string {
    const key = tupleKey(projectId, tuple)
    if (!this.#cache.has(key) && !this.#fresh.has(key)) this.#wanted.set(key, { projectId, tuple })
    return key
  }

  async resolve(tx: TransactionSql): Promise<void> {
    if (this.#wanted.size === 0) return
    const rows = new Rows(COLUMNS)
    const byDigest = new Map<string, string>()
    // One order for all writers, so that two of them never wait for each other.
    for (const [key, { projectId, tuple }] of [...this.#wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const digest = digest16(key)
      byDigest.set(`${projectId} ${digest}`, key)
      rows.add({ projectId, digest, tuple })
    }
    const parameters = rows.parameters()
    await tx.unsafe(INSERT, parameters, { prepare: true })
    const found = await tx.unsafe<{ id: number; project_id: number; digest: string }[]>(FIND, parameters.slice(0, 2), {
      prepare: true,
    })
    for (const row of found) this.#fresh.set(byDigest.get(`${row.project_id} ${row.digest}`) as string, row.id)
    this.#wanted.clear()
  }

  id(key: string): number {
    const id = this.#cache.get(key) ?? this.#fresh.get(key)
    if (id === undefined) throw new Error("a dimension set was used before it was resolved")
    return id
  }

  remember(): void {
    if (this.#cache.size > MAX_CACHED) this.#cache.clear()
    for (const [key, id] of this.#fresh) this.#cache.set(key, id)
  }
}

const MAX_CACHED = 200_000
