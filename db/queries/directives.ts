import { type ProjectTx, sql } from "@/db/client"
import type { DirectiveAct, DirectiveActInput, DirectiveState, LeasedDirective } from "@/lib/contracts/acts"
import { AppError } from "@/lib/errors"
import { DIRECTIVES } from "@/lib/vocabulary"
import { textArray } from "./conditions"
import { iso } from "./range"
import { type Row, readText, readTextOrNull, readWord, selectRows } from "./rows"

export const LEASE_S = 60
const MOST = 100

export type Wanted = { runs: readonly string[]; workflows: readonly string[]; runner: string }

/**
 * Directives that wait for a runner, oldest first, at most 100, leased to this one for 60 seconds: nobody else is given them meanwhile. One that was
 * taken and not completed is given again when its lease has run out; a directive to halt waits for as long as its run is not halted.
 * @param wanted no run and no workflow: all of the project. Source: directives by `directives_waiting`, `directives_workflow` and `directives_open`.
 */
export async function leaseDirectives(tx: ProjectTx, { runs, workflows, runner }: Wanted): Promise<LeasedDirective[]> {
  // Only what was asked for stands in the statement: with conditions that switch others off no index would serve.
  const named = [
    ...(runs.length === 0 ? [] : [sql`run_id = any(${textArray(runs)})`]),
    ...(workflows.length === 0 ? [] : [sql`workflow = any(${textArray(workflows)})`]),
  ]
  const rows = await selectRows(
    tx,
    sql`update directives d set state = case when d.state = 'issued' then 'leased' else d.state end, leased_by = ${runner},
          lease_token = gen_random_uuid(), lease_until = now() + make_interval(secs => ${LEASE_S})
        from (select id from directives where project_id = ${tx.projectId} and state in ('issued', 'leased', 'acked') and kind <> 'continue'
            and (lease_until is null or lease_until <= now())
            ${named.length === 0 ? sql`` : sql`and (${sql.join(named, sql` or `)})`}
          order by id limit ${MOST} for update skip locked) as due
        where d.id = due.id and d.project_id = ${tx.projectId}
        returning d.id::text as id, d.run_id, d.workflow, d.kind, d.rule, d.observed, d.limit_value, d.step, d.reason,
          ${iso(sql`d.issued_at`)} as issued_at, d.lease_token::text as lease_token, ${iso(sql`d.lease_until`)} as lease_until`,
  )
  return rows.map(toLeased).sort((a, b) => Number(a.id) - Number(b.id))
}

const NEXT: Record<DirectiveAct, string> = { ack: "acked", complete: "completed", reject: "rejected" }

/**
 * What a runner says of a directive that it holds. To acknowledge it renews the lease.
 * @throws AppError `not_found`; `conflict` when the token is not that of the lease, or the lease has run out; `illegal_transition` when it has ended.
 */
export async function answerDirective(
  tx: ProjectTx,
  id: string,
  act: DirectiveAct,
  { lease_token, detail }: DirectiveActInput,
): Promise<DirectiveState> {
  const [row] = /^[1-9]\d{0,17}$/.test(id)
    ? await selectRows(
        tx,
        sql`select state, lease_token is not distinct from ${lease_token}::uuid as is_holder, lease_until > now() as is_leased
            from directives where project_id = ${tx.projectId} and id = ${id}::bigint for update`,
      )
    : []
  if (!row) throw new AppError("not_found", "There is no such directive.")
  if (row.is_holder !== true)
    throw new AppError("conflict", "The lease token is not the one of this directive's lease.")
  const state = readText(row, "state")
  if (state !== "leased" && state !== "acked")
    throw new AppError("illegal_transition", `A directive that is ${state} cannot be told to ${act}.`)
  if (row.is_leased !== true)
    throw new AppError("conflict", "The lease of this directive has run out: ask for it again.")
  const [now] = await selectRows(
    tx,
    sql`update directives set state = ${NEXT[act]}, detail = coalesce(${detail ?? null}, detail),
          acked_at = coalesce(acked_at, now()), ended_at = case when ${act} = 'ack' then null else now() end,
          lease_until = case when ${act} = 'ack' then now() + make_interval(secs => ${LEASE_S}) else lease_until end
        where project_id = ${tx.projectId} and id = ${id}::bigint
        returning state, ${iso(sql`lease_until`)} as lease_until`,
  )
  return { id, state: readText(now ?? {}, "state"), lease_until: readTextOrNull(now ?? {}, "lease_until") }
}

const toLeased = (row: Row): LeasedDirective => ({
  id: readText(row, "id"),
  run: readTextOrNull(row, "run_id"),
  workflow: readTextOrNull(row, "workflow"),
  action: readWord(row, "kind", DIRECTIVES),
  rule: readTextOrNull(row, "rule"),
  observed: readTextOrNull(row, "observed"),
  limit: readTextOrNull(row, "limit_value"),
  step: readTextOrNull(row, "step"),
  reason: readTextOrNull(row, "reason"),
  issued_at: readText(row, "issued_at"),
  lease_token: readText(row, "lease_token"),
  lease_until: readText(row, "lease_until"),
})
