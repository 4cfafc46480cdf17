import type { core } from "zod"
import { PolicyDocument } from "@/lib/contracts/policies"
import { AppError } from "@/lib/errors"

/** Where a document is wrong, and why; `path` as a person reads it: `steps.1.after.0`, empty for the whole. */
export type Problem = { path: string; reason: string }

/** Keys that people write instead of ours. */
const MEANT: Record<string, string> = {
  every: "every_s, in seconds",
  grace: "grace_s, in seconds",
  max_cost: "max_cost_run",
  max_duration: "max_duration_s, in seconds",
  max_duration_ms: "max_duration_s, in seconds",
  max_step_duration: "max_step_duration_s, in seconds",
  max_retries: "max_retries_per_step",
  heartbeat: "heartbeat_s, in seconds",
  proof_grace: "proof_grace_s, in seconds",
  checks: "required_verifications",
  models: "allowed_models",
}
const SHOWN = 8

/**
 * The document, as it is stored.
 * @param stepsSeen steps that runs of the workflow have had; null when it has no run yet, or when this is the project's own.
 * @throws AppError `invalid_input` with the paths and the reasons; `field` is the first path.
 */
export function parsePolicy(value: unknown, stepsSeen: ReadonlySet<string> | null = null): PolicyDocument {
  const { document, problems } = checkPolicy(value, stepsSeen)
  if (document && problems.length === 0) return document
  const told = problems.slice(0, SHOWN).map(({ path, reason }) => (path === "" ? reason : `${path}: ${reason}`))
  const more = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : ""
  throw new AppError("invalid_input", `${told.join("; ")}${more}.`, { field: problems[0]?.path || "document" })
}

/** Everything that is wrong with it, in order of the document. */
export function checkPolicy(
  value: unknown,
  stepsSeen: ReadonlySet<string> | null = null,
): { document: PolicyDocument | null; problems: Problem[] } {
  const parsed = PolicyDocument.safeParse(value)
  if (!parsed.success) return { document: null, problems: parsed.error.issues.flatMap(told) }
  const document = parsed.data
  return { document, problems: [...ofSteps(document, stepsSeen), ...ofChecks(document), ...ofTheRest(document)] }
}

function told(issue: core.$ZodIssue): Problem[] {
  const path = issue.path.join(".")
  if (issue.code !== "unrecognized_keys") return [{ path, reason: issue.message }]
  return issue.keys.map((key) => ({
    path: [path, key.slice(0, 100)].filter(Boolean).join("."),
    reason: Object.hasOwn(MEANT, key) ? `unknown key; write ${MEANT[key]}` : "unknown key",
  }))
}

function ofSteps({ steps = [] }: PolicyDocument, seen: ReadonlySet<string> | null): Problem[] {
  const first = new Map<string, number>()
  const problems: Problem[] = []
  steps.forEach(({ id }, index) => {
    if (first.has(id)) problems.push({ path: `steps.${index}.id`, reason: `“${id}” is named twice` })
    else first.set(id, index)
    if (seen && !seen.has(id))
      problems.push({ path: `steps.${index}.id`, reason: `no run of this workflow ever had a step “${id}”` })
  })
  steps.forEach(({ id, after = [] }, index) => {
    after.forEach((before, place) => {
      const path = `steps.${index}.after.${place}`
      if (!first.has(before)) problems.push({ path, reason: `“${before}” is not among the steps` })
      else if (before === id) problems.push({ path, reason: "a step cannot come after itself" })
      else if (after.indexOf(before) < place) problems.push({ path, reason: `“${before}” is named twice` })
    })
  })
  if (problems.length > 0) return problems
  const cycle = findCycle(steps)
  if (cycle === null) return []
  return [
    {
      path: `steps.${first.get(cycle[0] as string)}.after`,
      reason: `a cycle, so that none of them could begin: ${cycle.map((id) => `“${id}”`).join(" after ")}`,
    },
  ]
}

/** A way from a step back to itself along `after`; null when there is none. Without recursion: a chain may be long. */
function findCycle(steps: NonNullable<PolicyDocument["steps"]>): string[] | null {
  const before = new Map(steps.map(({ id, after = [] }) => [id, after]))
  const isDone = new Set<string>()
  for (const { id } of steps) {
    const path: string[] = []
    const open = [{ id, next: 0 }]
    for (let at = open.at(-1); at; at = open.at(-1)) {
      if (at.next === 0) path.push(at.id)
      const to = before.get(at.id)?.[at.next]
      at.next++
      if (to === undefined) {
        isDone.add(at.id)
        path.pop()
        open.pop()
      } else if (path.includes(to)) return [...path.slice(path.indexOf(to)), to]
      else if (!isDone.has(to)) open.push({ id: to, next: 0 })
    }
  }
  return null
}

function ofChecks({ required_verifications: checks = [], steps }: PolicyDocument): Problem[] {
  const seen = new Set<string>()
  return checks.flatMap(({ name, on }, index): Problem[] => {
    const key = JSON.stringify([name, on === "final_output" ? undefined : on])
    const isTwice = seen.has(key)
    seen.add(key)
    if (isTwice) return [{ path: `required_verifications.${index}.name`, reason: `“${name}” is required twice` }]
    if (on === undefined || on === "final_output" || !steps || steps.some(({ id }) => id === on)) return []
    return [{ path: `required_verifications.${index}.on`, reason: `“${on}” is not among the steps` }]
  })
}

function ofTheRest({ allowed_models: models = [], loop }: PolicyDocument): Problem[] {
  const problems: Problem[] = models.flatMap((model, index) =>
    models.indexOf(model) < index ? [{ path: `allowed_models.${index}`, reason: `“${model}” is named twice` }] : [],
  )
  const { same_call_in_window_m: m, window } = loop ?? {}
  if ((m ?? 5) > (window ?? 20))
    problems.push({ path: "loop.same_call_in_window_m", reason: `never so many of ${window ?? 20} calls` })
  return problems
}
