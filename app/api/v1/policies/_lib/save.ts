import { createHash } from "node:crypto"
import type { ProjectActor } from "@/access/actor"
import { actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { type ProjectTx, withProject } from "@/db/client"
import { findPolicy, insertPolicy, stepsSeen } from "@/db/queries/policies"
import { canonicalJson } from "@/lib/canonical"
import type { Policy, PolicyApproval, PolicyDocument, PolicyInput } from "@/lib/contracts/policies"
import { AppError } from "@/lib/errors"
import { policyDifference } from "@/lib/policy-words"
import { whoOf } from "@/lib/who"
import { parsePolicy } from "@/policy/check-document"

export const hashOf = (document: PolicyDocument) =>
  `sha256:${createHash("sha256").update(canonicalJson(document)).digest("hex")}`

/** The draft as it may be stored. @throws AppError `invalid_input` with paths and reasons. */
export async function readDraft(tx: ProjectTx, workflow: string, document: unknown): Promise<PolicyDocument> {
  return parsePolicy(document, workflow === "" ? null : await stepsSeen(tx, workflow))
}

/**
 * Appends a version. It holds for runs that begin from now on; those that are under way keep theirs. Who saves it is its author; operators and
 * administrators may, and a second one may put his name to it afterwards.
 * @throws AppError `forbidden`; `invalid_input`; `conflict` when somebody saved first, with the version that is there now and what it says otherwise.
 */
export async function savePolicy(actor: ProjectActor, input: PolicyInput, origin: Origin): Promise<Policy> {
  assertCan(actor, "policies.manage")
  const { workflow, base_version, reason } = input
  const author = actorName(actor.actor)
  return await withProject(actor.project.id, async (tx) => {
    const document = await readDraft(tx, workflow, input.document)
    const before = await findPolicy(tx, workflow)
    if ((before?.version ?? 0) !== base_version) throw savedFirst(before, document, actor)
    const hash = hashOf(document)
    if (before?.hash === hash)
      throw new AppError("invalid_input", `Version ${before.version} says the same.`, { field: "document" })
    const next = { workflow, version: base_version + 1, document, hash, author, approver: null, reason }
    if (!(await insertPolicy(tx, next))) throw savedFirst(await findPolicy(tx, workflow), document, actor)
    await note(tx, actor, origin, "policy.saved", { before, after: next, reason })
    return (await findPolicy(tx, workflow)) as Policy
  })
}

/**
 * Puts a second name to the version in force. Versions are never changed: what was approved is appended once more, by its author, with the approver.
 * @throws AppError `forbidden` for its author; `conflict` when another version is in force by now, or it is approved already.
 */
export async function approvePolicy(actor: ProjectActor, input: PolicyApproval, origin: Origin): Promise<Policy> {
  assertCan(actor, "policies.manage")
  const { workflow, version, reason } = input
  const approver = actorName(actor.actor)
  return await withProject(actor.project.id, async (tx) => {
    const before = await findPolicy(tx, workflow)
    if (!before) throw new AppError("not_found", "There is no such policy.")
    if (before.version !== version) throw savedFirst(before, before.document, actor)
    if (before.approver) throw new AppError("conflict", `${whoOf(before.approver)} has approved it already.`)
    if (before.author === approver) throw new AppError("forbidden", "Somebody other than its author approves a policy.")
    const next = { ...before, version: version + 1, approver, reason }
    const { created_at: _, ...row } = next
    if (!(await insertPolicy(tx, row))) throw savedFirst(await findPolicy(tx, workflow), before.document, actor)
    await note(tx, actor, origin, "policy.approved", { before, after: row, reason })
    return (await findPolicy(tx, workflow)) as Policy
  })
}

function savedFirst(current: Policy | null, draft: PolicyDocument, { project }: ProjectActor): AppError {
  const changes = policyDifference(draft, current?.document ?? {}, project.currency)
  const told = changes
    .slice(0, 5)
    .map(({ label, before, after }) => `${label}: ${after ?? "nothing"} there, ${before ?? "nothing"} in yours`)
  const who = current ? `${whoOf(current.author)} saved version ${current.version} before you did` : "It is gone"
  const difference = told.length === 0 ? "It says what yours says." : `${told.join("; ")}.`
  return new AppError("conflict", `${who}. ${difference} Nothing of yours was stored.`, {
    field: "base_version",
    ...(current ? { current } : {}),
  })
}

async function note(
  tx: ProjectTx,
  actor: ProjectActor,
  origin: Origin,
  action: "policy.saved" | "policy.approved",
  { before, after, reason }: { before: Policy | null; after: Omit<Policy, "created_at">; reason: string },
): Promise<void> {
  const told = (policy: Omit<Policy, "created_at"> | null) =>
    policy && { version: policy.version, document: policy.document, approver: policy.approver }
  await auditAct(
    tx,
    actor,
    {
      action,
      target: after.workflow === "" ? "policy of the project" : `policy:${after.workflow}`,
      before: told(before),
      after: told(after),
      reason,
    },
    origin,
  )
}
