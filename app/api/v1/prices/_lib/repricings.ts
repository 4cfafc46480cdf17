import type { ProjectActor } from "@/access/actor"
import type { Origin } from "@/access/audit"
import { readRepricing } from "@/access/repricings"
import { applyPast, beginPast, type PastAct, undoPast } from "@/app/api/v1/_lib/past-acts"
import type { StoredAct } from "@/db/queries/repricings"
import { applyRepricing, previewRepricing, undoRepricing } from "@/ingest/reprice"
import type { Repricing, RepricingInput } from "@/lib/contracts/prices"

const scopeOf = ({ from, to, provider, model }: StoredAct) => ({
  from: Date.parse(from),
  to: Date.parse(to),
  provider,
  model,
})

const REPRICING: PastAct = {
  kind: "prices",
  noun: "repricing",
  permission: "prices.manage",
  summary({ from, to, provider, model, ...stored }) {
    const { models: _, models_left: __, ...sums } = (stored.preview ?? {}) as Partial<NonNullable<Repricing["preview"]>>
    return { from, to, provider, model, ...sums }
  },
  async preview({ project }, stored, report, signal) {
    const { preview, bookVersion } = await previewRepricing(project, scopeOf(stored), report, signal)
    return { preview, basis: bookVersion }
  },
  apply: ({ project }, stored, report, onChunk, signal) =>
    applyRepricing(
      project,
      { id: stored.id, scope: scopeOf(stored), bookVersion: stored.basis },
      report,
      onChunk,
      signal,
    ),
  undo: ({ project }, stored, report, onChunk, signal) =>
    undoRepricing(project, { id: stored.id, scope: scopeOf(stored) }, report, onChunk, signal),
}

export async function beginRepricing(actor: ProjectActor, input: RepricingInput, origin: Origin): Promise<Repricing> {
  return await readRepricing(actor, await beginPast(REPRICING, actor, input, origin))
}

export async function applyAct(actor: ProjectActor, id: number, reason: string, origin: Origin): Promise<Repricing> {
  await applyPast(REPRICING, actor, id, reason, origin)
  return await readRepricing(actor, id)
}

export async function undoAct(actor: ProjectActor, id: number, reason: string, origin: Origin): Promise<Repricing> {
  await undoPast(REPRICING, actor, id, reason, origin)
  return await readRepricing(actor, id)
}
