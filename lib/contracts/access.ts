import { z } from "zod"
import { list } from "@/lib/contracts/read"
import { isZone } from "@/lib/time"
import { KEY_SCOPES, ROLES } from "@/lib/vocabulary"

/** Wire shapes of log-in, set-up, projects, members, keys and the audit log. Instants are ISO 8601 with `Z`; absent is null. */
const Instant = z.iso.datetime()
const Name = z.string().trim().min(1).max(120)
const Email = z.string().trim().toLowerCase().max(254).pipe(z.email())
/** Length alone; whether it is weak is decided where it is set. */
const Password = z.string().min(1).max(1024)
const Zone = z.string().max(64).refine(isZone, "not a time zone name of the IANA database")
const Currency = z.string().regex(/^[A-Z]{3}$/, "three capital letters, ISO 4217")
const Environment = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "up to 64 letters, digits, dot, dash, underscore")
export const PROJECT_SLUG = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/

export const LoginInput = z.object({ email: z.string().max(254), password: Password })
export const PasswordInput = z.object({ current_password: Password, new_password: Password })
export const SetupInput = z.object({
  token: z.string().min(1).max(128),
  name: Name,
  email: Email,
  password: Password,
  project: Name,
  zone: Zone,
})
export type SetupInput = z.infer<typeof SetupInput>

export const Project = z.object({
  slug: z.string(),
  name: z.string(),
  zone: z.string(),
  currency: z.string(),
  prefers_reported_cost: z.boolean(),
  /** Holds made-up data. */
  is_demo: z.boolean(),
  role: z.enum(ROLES),
})
export type Project = z.infer<typeof Project>
export const ProjectList = list(Project)
export type ProjectList = z.infer<typeof ProjectList>
export const ProjectInput = z.object({
  name: Name,
  slug: z.string().regex(PROJECT_SLUG, "small letters, digits and dashes").optional(),
  zone: Zone,
  currency: Currency.default("USD"),
})
export type ProjectInput = z.infer<typeof ProjectInput>
export const ProjectChange = z.object({
  name: Name.optional(),
  zone: Zone.optional(),
  prefers_reported_cost: z.boolean().optional(),
})
export type ProjectChange = z.infer<typeof ProjectChange>

export const Me = z.object({
  user: z.object({ id: z.string(), email: z.string(), name: z.string(), is_admin: z.boolean() }),
  projects: z.array(Project),
  /** Plain http beyond this machine: pages warn in red. */
  is_insecure_http: z.boolean(),
})
export type Me = z.infer<typeof Me>

export const Member = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  is_disabled: z.boolean(),
  sessions: z.number().int(),
  created_at: Instant,
})
export type Member = z.infer<typeof Member>
export const MemberList = list(Member)
export type MemberList = z.infer<typeof MemberList>
export const MemberInput = z.object({
  email: Email,
  name: Name,
  role: z.enum(ROLES),
  /** Needed for a person who has no account yet; ignored for one who has. */
  password: Password.optional(),
})
export type MemberInput = z.infer<typeof MemberInput>
export const MemberChange = z.object({
  name: Name.optional(),
  role: z.enum(ROLES).optional(),
  is_disabled: z.boolean().optional(),
  password: Password.optional(),
})
export type MemberChange = z.infer<typeof MemberChange>

export const Session = z.object({
  id: z.string(),
  is_current: z.boolean(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: Instant,
  last_used_at: Instant,
})
export type Session = z.infer<typeof Session>
export const SessionList = list(Session)
export type SessionList = z.infer<typeof SessionList>

export const Key = z.object({
  id: z.number().int(),
  name: z.string(),
  /** `andon_live_<public id>_…<last 4>`: enough to recognise it, not to use it. */
  hint: z.string(),
  scopes: z.array(z.enum(KEY_SCOPES)),
  environment: z.string().nullable(),
  state: z.enum(["active", "expired", "revoked"]),
  created_by: z.string().nullable(),
  created_at: Instant,
  expires_at: Instant,
  /** 14, 3 or 1 when an active key has no more days than that left. */
  expires_within_days: z.union([z.literal(14), z.literal(3), z.literal(1)]).nullable(),
  last_used_at: Instant.nullable(),
  last_used_ip: z.string().nullable(),
  revoked_at: Instant.nullable(),
})
export type Key = z.infer<typeof Key>
export const KeyList = list(Key)
export type KeyList = z.infer<typeof KeyList>
export const KeyInput = z.object({
  name: Name,
  scopes: z
    .array(z.enum(KEY_SCOPES))
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, "each scope once"),
  environment: Environment.nullable().default(null),
  expires_in_days: z.number().int().min(1).max(365).default(180),
})
export type KeyInput = z.infer<typeof KeyInput>
export const KeyRotation = z.object({
  /** How long the old key still works. */
  overlap_hours: z.number().int().min(0).max(720).default(24),
  expires_in_days: z.number().int().min(1).max(365).default(180),
})
export type KeyRotation = z.infer<typeof KeyRotation>
/** The only answer that ever holds the whole key. */
export const NewKey = z.object({ key: Key, secret: z.string() })
export type NewKey = z.infer<typeof NewKey>

/** Set-up done: the person is logged in, and this is the one time that the key is shown. */
export const SetupDone = z.object({ project: z.string(), key: z.string(), url: z.string() })
export type SetupDone = z.infer<typeof SetupDone>

export const AuditRow = z.object({
  id: z.string(),
  at: Instant,
  actor: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string().nullable(),
  request_id: z.string().nullable(),
  ip: z.string().nullable(),
})
export const AuditList = list(AuditRow)
export type AuditList = z.infer<typeof AuditList>
