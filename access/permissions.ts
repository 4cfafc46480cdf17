import type { ProjectActor } from "@/access/actor"
import { AppError } from "@/lib/errors"
import type { Role } from "@/lib/vocabulary"

/** A `read` key is a program that reads what its project shows: figures and runs, never people, keys or settings. */
export type Grantee = Role | "key"

const EVERYBODY: readonly Grantee[] = ["viewer", "operator", "finance", "admin", "key"]
const PEOPLE: readonly Grantee[] = ["viewer", "operator", "finance", "admin"]

/** Who may do what inside a project. Default deny: what is not listed is refused. Everybody may look, few may change. */
export const PERMISSIONS = {
  /** Spend, prices behind it, data quality, CSV of a range. */
  "spend.read": EVERYBODY,
  /** Runs, spans without payload, halts, verifications, health, the live stream. */
  "runs.read": EVERYBODY,
  /** Inputs, outputs, raw events: finance works with aggregates. */
  "payload.read": ["viewer", "operator", "admin", "key"],
  "dead_letters.read": ["viewer", "operator", "admin", "key"],
  "dead_letters.replay": ["operator", "admin"],
  /** Acknowledge, assign, comment on, resolve and reopen what needs a person. */
  "exceptions.act": ["operator", "admin"],
  /** Say that it is meant to be, for up to 30 days. */
  "exceptions.suppress": ["admin"],
  /** Halt and quarantine runs, pause and tighten lines: everybody who may act may stop. */
  "runs.stop": ["operator", "admin"],
  /** Release and reject what was held back, resume a line: nobody may make a proof of it. */
  "runs.release": ["operator", "admin"],
  /** Which rows: `access/audit.ts`. */
  "audit.read": PEOPLE,
  /** Say what runs are allowed: save and approve versions of policies, try a draft over the past. */
  "policies.manage": ["operator", "admin"],
  /** Keep pages under a name of one's own. */
  "views.save": PEOPLE,
  /** Give a saved view to the project, change and delete such views. */
  "views.share": ["operator", "admin"],
  /** Own prices, discounts, pricing a past range again. */
  "prices.manage": ["finance", "admin"],
  /** Close months, and open them again. */
  "periods.manage": ["finance", "admin"],
  /** Read a past range again by mended mappings: it changes kinds, models and dimensions too, not money alone. */
  "mapping.manage": ["admin"],
  /** Make, change and end budgets; their caps stop runs. */
  "budgets.manage": ["finance", "admin"],
  /** The list prices of the installation. */
  "prices.import": ["admin"],
  "project.manage": ["admin"],
  "members.manage": ["admin"],
  "keys.manage": ["admin"],
  /** Where people are told, by addresses and keys; what was sent there and what was answered. */
  "alerts.manage": ["admin"],
} as const satisfies Record<string, readonly Grantee[]>

export type Permission = keyof typeof PERMISSIONS

export function can(role: Grantee, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Grantee[]).includes(role)
}

/** @throws AppError `forbidden` when the actor's role in this project does not hold the permission. */
export function assertCan(actor: ProjectActor, permission: Permission): void {
  if (!can(actor.role, permission))
    throw new AppError("forbidden", `Your role in this project (${actor.role}) does not allow this.`)
}
