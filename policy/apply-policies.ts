import type { TransactionSql } from "postgres"
import { arrayLiteral } from "@/db/array-literal"
import { PolicyDocument } from "@/lib/contracts/policies"
import { mergePolicies } from "./document"

/** The policy by which a run is judged, with the versions that it is made of; null = there is none of that kind. */
export type Pinned = {
  policy: PolicyDocument
  workflow: string | null
  version: number | null
  defaultVersion: number | null
  /** What is stored cannot be read as a policy (any more): that must not pass for "no limits". */
  isUnreadable: boolean
}
/** Of a run: its project, the pin (the newest policy when it began), and its workflow. */
export type PolicyKey = { projectId: number; pin: string; workflow: string | null }

/** What a pin stands for never changes, so this is never wrong; it is only bounded. */
const MAX_KEPT = 5_000
const holder = globalThis as typeof globalThis & { andonPolicies?: Map<string, Pinned | null> }
holder.andonPolicies ??= new Map()
const kept = holder.andonPolicies

const keyOf = ({ projectId, pin, workflow }: PolicyKey): string => JSON.stringify([projectId, pin, workflow])

const NEWEST = `select k.project_id, k.pin::text, k.workflow, p.version, p.document
  from unnest(($1::text)::int[], ($2::text)::bigint[], ($3::text)::text[]) as k(project_id, pin, workflow)
  cross join lateral (select version, document from policies where project_id = k.project_id and workflow = k.workflow and id <= k.pin
    order by id desc limit 1) as p`
type Row = { project_id: number; pin: string; workflow: string; version: number; document: unknown }

/** The policies of these keys; what no process has asked for yet is read in one statement. Null = none holds: nothing is decided. */
export async function policiesOf(
  tx: TransactionSql,
  wanted: readonly PolicyKey[],
): Promise<(key: PolicyKey) => Pinned | null> {
  const missing = new Map(wanted.filter((key) => !kept.has(keyOf(key))).map((key) => [keyOf(key), key]))
  if (missing.size > 0) {
    const asked = [...missing.values()].flatMap((key) => [
      { ...key, workflow: "" },
      ...(key.workflow === null || key.workflow === "" ? [] : [{ ...key, workflow: key.workflow }]),
    ])
    const rows = await tx.unsafe<Row[]>(
      NEWEST,
      [
        arrayLiteral(asked.map(({ projectId }) => projectId)),
        arrayLiteral(asked.map(({ pin }) => pin)),
        arrayLiteral(asked.map(({ workflow }) => workflow)),
      ],
      { prepare: true },
    )
    const found = new Map(rows.map((row) => [JSON.stringify([row.project_id, row.pin, row.workflow]), row]))
    const of = (key: PolicyKey, workflow: string) => found.get(JSON.stringify([key.projectId, key.pin, workflow]))
    for (const [name, key] of missing) {
      const byDefault = of(key, "")
      const own = key.workflow === null || key.workflow === "" ? undefined : of(key, key.workflow)
      const [first, second] = [documentOf(byDefault), documentOf(own)]
      const isUnreadable = first === "unreadable" || second === "unreadable"
      const policy = first === "unreadable" || second === "unreadable" ? {} : mergePolicies(first, second)
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string)
      kept.set(
        name,
        policy && {
          policy,
          workflow: own ? key.workflow : null,
          version: own?.version ?? null,
          defaultVersion: byDefault?.version ?? null,
          isUnreadable,
        },
      )
    }
  }
  return (key) => kept.get(keyOf(key)) ?? null
}

/** It was checked when it was saved. */
function documentOf(row: Row | undefined): PolicyDocument | null | "unreadable" {
  if (row === undefined) return null
  const read = PolicyDocument.safeParse(row.document)
  return read.success ? read.data : "unreadable"
}

const TIGHT =
  "select project_id, workflow from workflow_states where state = 'tightened' and project_id = any (($1::text)::int[])"

/** Lines that are tightened now. */
export async function tightLines(
  tx: TransactionSql,
  projects: readonly number[],
): Promise<(projectId: number, workflow: string | null) => boolean> {
  if (projects.length === 0) return () => false
  const rows = await tx.unsafe<{ project_id: number; workflow: string }[]>(
    TIGHT,
    [arrayLiteral([...new Set(projects)])],
    {
      prepare: true,
    },
  )
  const lines = new Set(rows.map((row) => JSON.stringify([row.project_id, row.workflow])))
  return (projectId, workflow) => lines.has(JSON.stringify([projectId, workflow]))
}

export function forgetPolicies(): void {
  kept.clear()
}
