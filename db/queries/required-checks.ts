import type { SQL } from "drizzle-orm"
import { sql } from "@/db/client"

/**
 * What the policies require that a run is judged by, its workflow's before the project's, as `mergePolicies` has it: JSON, a list of objects with
 * a name; null = nothing. Over `runs r`.
 */
export const POLICY_CHECKS = sql`(select coalesce(${requiredBy(sql`r.workflow`)}, ${requiredBy(sql`''`)})
  from run_policies k where k.project_id = r.project_id and k.run_id = r.id)`

function requiredBy(workflow: SQL): SQL {
  return sql`(select p.document -> 'required_verifications' from policies p
    where p.project_id = k.project_id and p.workflow = ${workflow} and p.id <= k.pin order by p.id desc limit 1)`
}
