import type { ProjectActor } from "@/access/actor"
import type { Origin } from "@/access/audit"
import { readRemapping } from "@/access/repricings"
import { applyPast, beginPast, type PastAct, undoPast } from "@/app/api/v1/_lib/past-acts"
import type { StoredAct } from "@/db/queries/repricings"
import { applyRemap, previewRemap, undoRemap } from "@/ingest/remap"
import type { Remapping, RemappingInput } from "@/lib/contracts/remappings"

const scopeOf = ({ from, to, convention }: StoredAct) => ({ from: Date.parse(from), to: Date.parse(to), convention })

const REMAPPING: PastAct = {
  kind: "mapping",
  noun: "remapping",
  permission: "mapping.manage",
  summary({ from, to, convention, ...stored }) {
    const { conventions: _, ...sums } = (stored.preview ?? {}) as Partial<NonNullable<Remapping["preview"]>>
    return { from, to, convention, ...sums }
  },
  preview: ({ project }, stored, report, signal) => previewRemap(project, scopeOf(stored), report, signal),
  apply: ({ project }, stored, report, onChunk, signal) =>
    applyRemap(project, { id: stored.id, scope: scopeOf(stored), basis: stored.basis }, report, onChunk, signal),
  undo: ({ project }, stored, report, onChunk, signal) =>
    undoRemap(project, { id: stored.id, scope: scopeOf(stored) }, report, onChunk, signal),
}

export async function beginRemapping(actor: ProjectActor, input: RemappingInput, origin: Origin): Promise<Remapping> {
  return await readRemapping(actor, await beginPast(REMAPPING, actor, input, origin))
}

export async function applyAct(actor: ProjectActor, id: number, reason: string, origin: Origin): Promise<Remapping> {
  await applyPast(REMAPPING, actor, id, reason, origin)
  return await readRemapping(actor, id)
}

export async function undoAct(actor: ProjectActor, id: number, reason: string, origin: Origin): Promise<Remapping> {
  await undoPast(REMAPPING, actor, id, reason, origin)
  return await readRemapping(actor, id)
}
