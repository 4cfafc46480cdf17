import { randomBytes } from "node:crypto"
import { and, asc, eq, isNotNull, ne } from "drizzle-orm"
import { dimensionSets, ingestCounters, prices } from "@/db/schema/ledger"
import { ingestKeys, projects } from "@/db/schema/projects"
import { enterProject, lockInstallation, withInstallation } from "@/db/scope"
import { AppError } from "@/lib/errors"
import { toIso } from "@/lib/time"

/** Made-up events are booked under this key of their project. It is revoked and has no secret: nobody can use it. */
const SEED_KEY = "seed"

export type DemoProject = { project: typeof projects.$inferSelect; keyId: number; keyPublicId: string; isNew: boolean }
type PriceInput = Pick<
  typeof prices.$inferInsert,
  "provider" | "model" | "valid_from" | "input" | "cache_read" | "output" | "source" | "source_date"
>

/**
 * The project that a scenario is written into, made when it is not there, with its own prices (rows that it has already are left alone).
 * @throws AppError `conflict` when the project holds events that did not come from a scenario.
 */
export async function prepareDemoProject(
  wanted: { slug: string; name: string; zone: string },
  ownPrices: readonly PriceInput[],
): Promise<DemoProject> {
  return await withInstallation(async (installation) => {
    await lockInstallation(installation, "seed")
    const [known] = await installation.select().from(projects).where(eq(projects.slug, wanted.slug))
    const project =
      known ??
      (
        await installation
          .insert(projects)
          .values({ ...wanted, is_demo: true })
          .returning()
      )[0]
    if (!project) throw new Error("the demo project was not made")
    const tx = await enterProject(installation, project.id)

    const [knownKey] = await tx.select().from(ingestKeys).where(eq(ingestKeys.name, SEED_KEY)).limit(1)
    const now = toIso(Date.now())
    const key =
      knownKey ??
      (
        await tx
          .insert(ingestKeys)
          .values({
            project_id: project.id,
            public_id: randomBytes(4).toString("hex"),
            secret_hmac: "",
            last4: "",
            name: SEED_KEY,
            scopes: [],
            expires_at: now,
            revoked_at: now,
          })
          .returning()
      )[0]
    if (!key) throw new Error("the key of the demo project was not made")

    const [counted] = await tx
      .select({ key: ingestCounters.key_id })
      .from(ingestCounters)
      .where(ne(ingestCounters.key_id, key.id))
      .limit(1)
    const [booked] = await tx
      .select({ key: dimensionSets.key_id })
      .from(dimensionSets)
      .where(and(isNotNull(dimensionSets.key_id), ne(dimensionSets.key_id, key.id)))
      .limit(1)
    if (counted || booked)
      throw new AppError(
        "conflict",
        `Project "${project.slug}" holds events that are no demo data: name another with --project.`,
      )

    for (const price of ownPrices) {
      const same = and(
        eq(prices.project_id, project.id),
        eq(prices.provider, price.provider),
        eq(prices.model, price.model),
        eq(prices.valid_from, price.valid_from),
      )
      if ((await tx.select({ id: prices.id }).from(prices).where(same).limit(1)).length === 0)
        await tx.insert(prices).values({ ...price, project_id: project.id, created_by: SEED_KEY })
    }
    return { project, keyId: key.id, keyPublicId: key.public_id, isNew: known === undefined }
  })
}

/** Projects with the mark, the oldest first. */
export async function listDemoProjects(): Promise<{ id: number; slug: string; name: string; created_at: string }[]> {
  return await withInstallation(async (tx) => {
    const rows = await tx.select().from(projects).where(eq(projects.is_demo, true)).orderBy(asc(projects.id))
    return rows.map(({ id, slug, name, created_at }) => ({
      id,
      slug,
      name,
      created_at: new Date(created_at).toISOString(),
    }))
  })
}

export async function slugIsTaken(slug: string): Promise<boolean> {
  return await withInstallation(
    async (tx) => (await tx.select({ id: projects.id }).from(projects).where(eq(projects.slug, slug))).length > 0,
  )
}
