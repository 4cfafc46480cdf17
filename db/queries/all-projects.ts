import type postgres from "postgres"
import { projectionHash } from "./projection-hash"

/** Every project of the installation, oldest first: for maintenance by the owner, never for a page. */
export async function listAllProjects(owner: postgres.Sql): Promise<{ id: number; slug: string; zone: string }[]> {
  return await owner<{ id: number; slug: string; zone: string }[]>`select id, slug, zone from projects order by id`
}

/** The hash of a project's projections at one moment, see `projectionHash`. */
export async function hashProject(owner: postgres.Sql, projectId: number): Promise<string> {
  return (await owner.begin("isolation level repeatable read", async (tx) => {
    await tx`select set_config('app.project_ids', ${`{${projectId}}`}, true), set_config('statement_timeout', '0', true)`
    return await projectionHash(tx, projectId)
  })) as string
}
