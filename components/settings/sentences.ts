import type { Key, Member } from "@/lib/contracts/access"
import { formatCount, plural } from "@/lib/format"
import { ROLES, type Role } from "@/lib/vocabulary"

/** The first line of the page of keys: how many programs may send, and what of them needs a person soon. */
export function keysSentence(keys: readonly Key[]): string {
  const active = keys.filter(({ state }) => state === "active")
  if (active.length === 0) return "No key works: nothing can be sent to this project."
  const unused = active.filter(({ last_used_at }) => last_used_at === null).length
  const soon = active.filter(({ expires_within_days }) => expires_within_days !== null).length
  const never =
    unused === 0 ? "" : unused === active.length ? ", never used yet" : `, ${formatCount(unused)} never used`
  const ends = soon === 0 ? "" : `; ${formatCount(soon)} ${soon === 1 ? "expires" : "expire"} within two weeks`
  return `${plural(active.length, "key")} ${active.length === 1 ? "works" : "work"}${never}${ends}.`
}

const MANY: Record<Role, string> = { viewer: "viewers", operator: "operators", finance: "finance", admin: "admins" }

/** The first line of the page of members: who they are by what they may do. */
export function membersSentence(members: readonly Member[]): string {
  const able = members.filter(({ is_disabled }) => !is_disabled)
  const roles = ROLES.toReversed().flatMap((role) => {
    const count = able.filter((member) => member.role === role).length
    return count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? role : MANY[role]}`]
  })
  const disabled = members.length - able.length
  const rest = disabled === 0 ? "" : `; ${formatCount(disabled)} disabled`
  return `${plural(able.length, "member")}${roles.length === 0 ? "" : `: ${roles.join(", ")}`}${rest}.`
}

/** The first line of the page of warnings; an item is what came once or again in the same words. @param isNarrowed to one reason or source. */
export function warningsSentence(count: { value: number; is_capped: boolean }, isNarrowed: boolean): string {
  const { value, is_capped } = count
  const these = isNarrowed ? " of this reason and source" : ""
  if (value === 0)
    return isNarrowed ? `Nothing${these} was refused.` : "Nothing was refused or contradicts an earlier event."
  const many = `${formatCount(value)}${is_capped ? "+" : ""} ${value === 1 ? "item" : "items"}`
  return `${many}${these} ${value === 1 ? "was refused or contradicts" : "were refused or contradict"} an earlier one.`
}
