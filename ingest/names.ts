import { pool } from "@/db/client"
import type { CanonicalEvent } from "./event"
import { tagOf } from "./fold-span"

/** Names kept per project and dimension; later ones are counted as "(other)", so that no key can make the roll-ups grow without bound. */
export const MAX_NAMES = 10_000
const LIMITED = ["provider", "model", "workflow", "step", "environment", "release", "team", "customer"] as const
type Limited = (typeof LIMITED)[number]

type Named = Pick<CanonicalEvent, "projectId"> & { event: object }
type Known = { names: Set<string>; isFull: boolean }
const holder = globalThis as typeof globalThis & { andonNames?: Map<string, Known> }
holder.andonNames ??= new Map()
const cache = holder.andonNames
const keyOf = (projectId: number, dimension: Limited): string => `${projectId} ${dimension}`

/** The dimensions of each event whose name is past the limit; events without any are absent. New names are admitted first come, first served, across instances. */
export async function namesPastLimit<Item extends Named>(events: readonly Item[]): Promise<Map<Item, string[]>> {
  const unknown = new Map<string, { projectId: number; dimension: Limited; names: Set<string> }>()
  let project = Number.NaN
  let known: (Known | undefined)[] = []
  for (const { projectId, event } of events) {
    if (projectId !== project) {
      project = projectId
      known = LIMITED.map((dimension) => cache.get(keyOf(projectId, dimension)))
    }
    for (let i = 0; i < LIMITED.length; i++) {
      const dimension = LIMITED[i] as Limited
      const name = nameIn(event as Fields, dimension)
      if (typeof name !== "string" || known[i]?.names.has(name) || known[i]?.isFull) continue
      const key = keyOf(projectId, dimension)
      let want = unknown.get(key)
      if (!want) {
        want = { projectId, dimension, names: new Set() }
        unknown.set(key, want)
      }
      want.names.add(name)
    }
  }
  for (const [key, want] of unknown) await admit(key, want)

  const past = new Map<Item, string[]>()
  // While every name has found room, none is past the limit.
  if (![...cache.values()].some((known) => known.isFull)) return past
  for (const item of events) {
    for (const [dimension, name] of namesOf(item)) {
      const known = cache.get(keyOf(item.projectId, dimension))
      if (known && !known.names.has(name)) past.set(item, [...(past.get(item) ?? []), dimension])
    }
  }
  return past
}

async function admit(key: string, want: { projectId: number; dimension: Limited; names: Set<string> }): Promise<void> {
  const { projectId, dimension } = want
  const names = await pool("ingest").begin(async (tx) => {
    await tx`select set_config('app.project_ids', ${`{${projectId}}`}, true), pg_advisory_xact_lock(hashtext(${`andon.names.${key}`}))`
    const room = await tx<{ room: number }[]>`
      select ${MAX_NAMES} - count(*)::int as room from dimension_names where project_id = ${projectId} and dimension = ${dimension}`
    if ((room[0]?.room ?? 0) > 0) {
      await tx`insert into dimension_names (project_id, dimension, name)
        select ${projectId}, ${dimension}, t.name from unnest(${[...want.names]}::text[]) as t(name)
        where not exists (select from dimension_names d where d.project_id = ${projectId} and d.dimension = ${dimension} and d.name = t.name)
        limit ${room[0]?.room ?? 0} on conflict do nothing`
    }
    return await tx<
      { name: string }[]
    >`select name from dimension_names where project_id = ${projectId} and dimension = ${dimension}`
  })
  cache.set(key, { names: new Set(names.map((row) => row.name)), isFull: names.length >= MAX_NAMES })
}

type Fields = Partial<Record<Limited | "response_model", unknown>> & { tags?: Record<string, string> }

function nameIn(fields: Fields, dimension: Limited): unknown {
  if (dimension === "team" || dimension === "customer") return tagOf(fields.tags, dimension)
  // What answered is what is counted under.
  return dimension === "model" ? (fields.response_model ?? fields.model) : fields[dimension]
}

function* namesOf({ event }: Named): Generator<[Limited, string]> {
  const fields = event as Fields
  for (const dimension of LIMITED) {
    const value = nameIn(fields, dimension)
    if (typeof value === "string") yield [dimension, value]
  }
}
