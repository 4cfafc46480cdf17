import type { KeyScope, Role } from "@/lib/vocabulary"

/** A project as every request needs it. */
export type ProjectRef = {
  id: number
  slug: string
  name: string
  zone: string
  currency: string
  prefersReportedCost: boolean
  /** Holds made-up data: marked wherever it is named, and removable. */
  isDemo: boolean
}

/** Who acts: a person by session, or a program by ingest key. Every query and mutation takes one; none reads a cookie itself. */
export type UserActor = {
  kind: "user"
  userId: string
  email: string
  name: string
  isAdmin: boolean
  sessionId: string
  /** What the person may do where; an administrator may do everything everywhere. */
  memberships: readonly Membership[]
}
export type Membership = { projectId: number; role: Exclude<Role, "admin"> }
export type KeyActor = {
  kind: "key"
  keyId: number
  keyName: string
  publicId: string
  scopes: readonly KeyScope[]
  environment: string | null
  project: ProjectRef
}
export type Actor = UserActor | KeyActor

/** An actor inside one project, with what it may do there. */
export type ProjectActor = { actor: Actor; project: ProjectRef; role: Role | "key" }
