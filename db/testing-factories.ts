import { createHash } from "node:crypto"
import postgres from "postgres"
import type { Options } from "@/db/client"
import { TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"

/**
 * Rows for tests of the read side, written by the owner straight into the tables. The roll-ups are computed from the rows by the definition in
 * the schema, in SQL that shares nothing with the writer nor with the queries under test.
 */
export type SpanSeed = {
  at: string
  id?: string
  run?: string
  kind?: string
  name?: string
  parent?: string | null
  end?: string | null
  provider?: string | null
  model?: string | null
  workflow?: string | null
  step?: string | null
  environment?: string | null
  release?: string | null
  team?: string | null
  customer?: string | null
  key?: number | null
  cost?: string | null
  reported?: string | null
  computed?: string | null
  priceId?: number | null
  usage?: Partial<Usage> | null
  status?: string | null
  outcome?: string | null
  attempt?: number | null
  isCall?: boolean
  isCounted?: boolean
}
export type RunSeed = {
  id: string
  at: string
  end?: string | null
  status?: string
  proof?: string
  hold?: string | null
  workflow?: string | null
  environment?: string | null
  release?: string | null
  team?: string | null
  customer?: string | null
  plan?: string[] | null
  checks?: string[] | null
  tags?: Record<string, string> | null
  reasons?: { code: string; text: string; step?: string; check?: string }[]
  halt?: { step: string | null; reason: string | null; by: string | null; rule: string | null } & Partial<
    Record<"observed" | "limit" | "unit", string | null>
  >
  output?: string | null
}
export type VerificationSeed = {
  id: string
  run: string
  at: string
  check: string
  outcome: string
  step?: string | null
  score?: string | null
  artifact?: string | null
  evidence?: string | null
  workflow?: string | null
  release?: string | null
}

const PLACES = ["provider", "model", "workflow", "step", "environment", "release", "team", "customer"] as const
type Place = Partial<Record<(typeof PLACES)[number], string | null>> & { key?: number | null }

export class Factory {
  readonly sql: postgres.Sql
  #sets = new Map<string, number>()
  #count = 0

  constructor(owner: Options) {
    this.sql = postgres({ ...owner, max: 2, onnotice: () => {} })
  }

  async end(): Promise<void> {
    await this.sql.end({ timeout: 5 })
  }

  async project(options: { slug?: string; zone?: string; currency?: string } = {}): Promise<number> {
    const slug = options.slug ?? `project-${++this.#count}`
    const [row] = await this.sql`
      insert into projects (slug, name, zone, currency) values (${slug}, ${slug}, ${options.zone ?? "UTC"}, ${options.currency ?? "USD"}) returning id`
    return row?.id as number
  }

  async key(projectId: number, publicId: string): Promise<number> {
    const [row] = await this.sql`
      insert into ingest_keys (project_id, public_id, secret_hmac, last4, name, scopes, expires_at)
      values (${projectId}, ${publicId}, 'x', 'last', ${`key ${publicId}`}, '{ingest,read}', '2099-01-01Z') returning id`
    return row?.id as number
  }

  async set(projectId: number, place: Place): Promise<number> {
    const values = PLACES.map((name) => place[name] ?? null)
    const hex = createHash("md5")
      .update(JSON.stringify([values, place.key ?? null]))
      .digest("hex")
    const known = this.#sets.get(`${projectId}${hex}`)
    if (known !== undefined) return known
    const [row] = await this.sql`
      insert into dimension_sets (project_id, digest, provider, model, workflow, step, environment, release, team, customer, key_id)
      values (${projectId}, ${hex}::uuid, ${this.sql.unsafe(values.map((v) => literal(v)).join(","))}, ${place.key ?? null}) returning id`
    this.#sets.set(`${projectId}${hex}`, row?.id as number)
    return row?.id as number
  }

  async spans(projectId: number, seeds: readonly SpanSeed[]): Promise<void> {
    const rows = []
    for (const seed of seeds) {
      const n = ++this.#count
      const kind = seed.kind ?? "llm"
      const computed = seed.computed ?? null
      const reported = seed.reported ?? null
      rows.push({
        project_id: projectId,
        run_id: seed.run ?? "",
        span_id: seed.id ?? `s${String(n).padStart(6, "0")}`,
        started_at: seed.at,
        ended_at: seed.end ?? null,
        parent_id: seed.parent ?? null,
        kind,
        name: seed.name ?? kind,
        status: seed.status ?? null,
        step: seed.step ?? null,
        attempt: seed.attempt ?? null,
        outcome: seed.outcome ?? null,
        provider: seed.provider ?? null,
        model: seed.model ?? null,
        dimension_set_id: await this.set(projectId, seed),
        ...Object.fromEntries(TOKEN_BUCKETS.map((b) => [b, seed.usage ? (seed.usage[b] ?? 0) : null])),
        key_id: seed.key ?? 0,
        is_counted: seed.isCounted ?? true,
        is_call: (seed.isCounted ?? true) && (seed.isCall ?? (kind === "llm" || kind === "embedding")),
        cost: seed.cost ?? null,
        cost_source:
          seed.cost === undefined || seed.cost === null ? null : reported === seed.cost ? "reported" : "computed",
        reported_cost: reported,
        computed_cost: computed ?? (reported === null ? (seed.cost ?? null) : null),
        price_id: seed.priceId ?? null,
        is_estimated: false,
        is_time_suspect: false,
        has_start: true,
        event_count: 1,
        received_at: seed.at,
      })
    }
    await this.days(
      "spans",
      seeds.map((seed) => seed.at),
    )
    await this.insert("spans", rows)
  }

  async runs(projectId: number, seeds: readonly RunSeed[]): Promise<void> {
    const rows = []
    for (const seed of seeds) {
      const { workflow = null, environment = null, release = null, team = null, customer = null } = seed
      rows.push({
        project_id: projectId,
        id: seed.id,
        started_at: seed.at,
        ended_at: seed.end ?? null,
        last_event_at: seed.end ?? seed.at,
        workflow,
        environment,
        release,
        team,
        customer,
        tags: seed.tags ?? null,
        plan: seed.plan ?? null,
        checks: seed.checks ?? null,
        status: seed.status ?? "succeeded",
        proof: seed.proof ?? "unchecked",
        proof_reasons: seed.reasons ?? [],
        hold: seed.hold ?? null,
        is_partial: false,
        halt_step: seed.halt?.step ?? null,
        halt_reason: seed.halt?.reason ?? null,
        halt_by: seed.halt?.by ?? null,
        halt_rule: seed.halt?.rule ?? null,
        halt_observed: seed.halt?.observed ?? null,
        halt_limit: seed.halt?.limit ?? null,
        halt_unit: seed.halt?.unit ?? null,
        output_sha256: seed.output ?? null,
        notes: [],
        facts: {},
        dimension_set_id: await this.set(projectId, { workflow, environment, release, team, customer }),
        first_received_at: seed.at,
        last_received_at: seed.end ?? seed.at,
      })
    }
    await this.insert("runs", rows)
  }

  async verifications(projectId: number, seeds: readonly VerificationSeed[]): Promise<void> {
    const rows = []
    for (const seed of seeds)
      rows.push({
        project_id: projectId,
        id: seed.id,
        run_id: seed.run,
        at: seed.at,
        step: seed.step ?? null,
        check_name: seed.check,
        outcome: seed.outcome,
        score: seed.score ?? null,
        evidence: seed.evidence ?? null,
        artifact: seed.artifact ?? null,
        dimension_set_id: await this.set(projectId, { workflow: seed.workflow ?? null, release: seed.release ?? null }),
        received_at: seed.at,
      })
    await this.insert("verifications", rows)
  }

  /** Makes the roll-ups and the totals of runs what the rows say. */
  async rollUp(projectId: number): Promise<void> {
    const { sql } = this
    const [project] = await sql`select zone from projects where id = ${projectId}`
    const zone = project?.zone as string
    for (const table of ["spend_rollup", "health_rollup", "verification_rollup"])
      await sql.unsafe(`delete from ${table} where project_id = ${projectId}`)
    const sums = [...TOKEN_BUCKETS, "cost", "reported_cost", "computed_cost"]
      .map((c) => `coalesce(sum(${c}), 0) as ${c}`)
      .join(", ")
    for (const level of [15, 1440]) {
      const bucket = (at: string) =>
        level === 15
          ? `date_bin('15 minutes', ${at}, '2000-01-01Z'::timestamptz)`
          : `date_trunc('day', ${at}, '${zone}')`
      await sql.unsafe(`
        insert into spend_rollup (project_id, grain, bucket, dimension_set_id, calls, errors, unpriced_calls, differing_calls,
          ${TOKEN_BUCKETS.join(", ")}, cost, reported_cost, computed_cost)
        select project_id, ${level}, ${bucket("started_at")}, dimension_set_id, count(*), count(*) filter (where status = 'error'),
          count(*) filter (where cost is null), count(*) filter (where abs(reported_cost - computed_cost) > computed_cost / 50), ${sums}
        from spans where project_id = ${projectId} and is_call group by 1, 2, 3, 4`)
      await sql.unsafe(`
        insert into health_rollup (project_id, grain, bucket, dimension_set_id, status, proof, runs)
        select project_id, ${level}, ${bucket("started_at")}, dimension_set_id, status, proof, count(*)
        from runs where project_id = ${projectId} group by 1, 2, 3, 4, 5, 6`)
      await sql.unsafe(`
        insert into verification_rollup (project_id, grain, bucket, dimension_set_id, check_name, outcome, verifications)
        select project_id, ${level}, ${bucket("at")}, dimension_set_id, check_name, outcome, count(*)
        from verifications where project_id = ${projectId} group by 1, 2, 3, 4, 5, 6`)
    }
    await sql.unsafe(`
      update runs r set spans = s.n, calls = s.calls, unpriced_calls = s.unpriced, differing_calls = s.differing, cost = s.cost,
        first_span_at = s.first, last_span_at = s.last
      from (select run_id, count(*) as n, count(*) filter (where is_call) as calls,
              count(*) filter (where is_call and cost is null) as unpriced,
              count(*) filter (where is_call and abs(reported_cost - computed_cost) > computed_cost / 50) as differing,
              coalesce(sum(cost) filter (where is_call), 0) as cost, min(started_at) as first, max(started_at) as last
            from spans where project_id = ${projectId} group by 1) s
      where r.project_id = ${projectId} and r.id = s.run_id`)
  }

  /** Partitions for the days of these instants. */
  async days(table: "events" | "spans", instants: readonly string[]): Promise<void> {
    for (const day of new Set(instants.map((at) => new Date(at).toISOString().slice(0, 10))))
      await this.sql`select ensure_partition(${table}, ${day}::date)`
  }

  async insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
    for (let i = 0; i < rows.length; i += 1000)
      await this.sql.unsafe(
        `insert into ${table} (${columnsOf(rows)}) select ${columnsOf(rows)} from jsonb_populate_recordset(null::${table}, $1::text::jsonb)`,
        [JSON.stringify(rows.slice(i, i + 1000))],
      )
  }
}

const columnsOf = (rows: readonly Record<string, unknown>[]): string =>
  Object.keys(rows[0] ?? {})
    .map((column) => `"${column}"`)
    .join(", ")

/** Factories run no statement of a stranger, yet names with quotes are what tests are about. */
const literal = (value: string | null): string => (value === null ? "null" : `'${value.replaceAll("'", "''")}'`)
