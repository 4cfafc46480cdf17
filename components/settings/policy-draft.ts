import type { PolicyDocument } from "@/lib/contracts/policies"

/** What a person is writing: any JSON object; the server says what of it is wrong. */
export type Draft = Record<string, unknown>

export const toText = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`

/** @returns null where the text is not an object of JSON. */
export function readText(text: string): Draft | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Draft) : null
  } catch {
    return null
  }
}

/** The same draft with a value at a path of at most two keys; undefined or an empty group takes it away. */
export function withValue(draft: Draft, path: string, value: unknown): Draft {
  const [key = "", inner] = path.split(".")
  const next = { ...draft }
  if (inner === undefined) {
    if (value === undefined) delete next[key]
    else next[key] = value
    return next
  }
  const group: Draft = { ...(isObject(next[key]) ? next[key] : {}) }
  if (value === undefined) delete group[inner]
  else group[inner] = value
  // `loop: {}` means something: its switch takes it away, not its last field.
  if (Object.keys(group).length === 0 && key !== "loop") delete next[key]
  else next[key] = group
  return next
}

const isObject = (value: unknown): value is Draft =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** What stands at a path, as a field shows it. */
export function valueAt(draft: Draft, path: string): string {
  const [key = "", inner] = path.split(".")
  const value = inner === undefined ? draft[key] : isObject(draft[key]) ? draft[key][inner] : undefined
  return typeof value === "string" || typeof value === "number" ? String(value) : ""
}

/** A number where it is one; else the text, for the server to refuse with its path. */
export function numberOf(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === "") return undefined
  const number = Number(trimmed)
  return Number.isFinite(number) ? number : trimmed
}

export const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")

/** Steps as a list in order: each after the one before. Null where they say more than that, and so belong to the file. */
export function plainSteps(draft: Draft): string[] | null {
  const { steps } = draft
  if (steps === undefined) return []
  if (!Array.isArray(steps)) return null
  const ids = steps.map((step: unknown) => (isObject(step) && typeof step.id === "string" ? step.id : null))
  if (ids.some((id) => id === null)) return null
  const same = JSON.stringify(stepsOf(ids as string[])) === JSON.stringify(steps)
  return same ? (ids as string[]) : null
}

export const stepsOf = (ids: readonly string[]) =>
  ids.map((id, index) => (index === 0 ? { id } : { id, after: [ids[index - 1] as string] }))

/** Names of checks on the final output; null where something is said of them that only the file can say. */
export function plainChecks(draft: Draft): string[] | null {
  const { required_verifications: checks } = draft
  if (checks === undefined) return []
  if (!Array.isArray(checks)) return null
  const isPlain = (check: unknown) =>
    isObject(check) && typeof check.name === "string" && Object.keys(check).length === 1
  return checks.every(isPlain) ? checks.map((check) => (check as { name: string }).name) : null
}

/** Whether the differ and the words can read it: as far as types go. What is wrong otherwise only the server tells. */
export function asDocument(draft: Draft | null): PolicyDocument | null {
  if (draft === null) return null
  const isList = (key: string, ok: (item: unknown) => boolean) =>
    draft[key] === undefined || (Array.isArray(draft[key]) && draft[key].every(ok))
  const isNamed = (key: string) => (item: unknown) => isObject(item) && typeof item[key] === "string"
  const isAfter = (item: unknown) => isObject(item) && (item.after === undefined || Array.isArray(item.after))
  const isGroup = (key: string) => draft[key] === undefined || isObject(draft[key])
  const cost = draft.max_cost_run
  const isFit =
    isList("steps", (item) => isNamed("id")(item) && isAfter(item)) &&
    isList("required_verifications", isNamed("name")) &&
    isList("allowed_models", (item) => typeof item === "string") &&
    ["loop", "fail_rate", "on_breach"].every(isGroup) &&
    (draft.schedule === undefined || (isObject(draft.schedule) && typeof draft.schedule.every_s === "number")) &&
    (cost === undefined || (typeof cost === "string" && /^\d{1,8}(\.\d{1,12})?$/.test(cost)))
  return isFit ? (draft as PolicyDocument) : null
}
