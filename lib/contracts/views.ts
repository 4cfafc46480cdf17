import { z } from "zod"
import { list } from "@/lib/contracts/read"

/** A page with its filters under a name: one's own, or shared with the project. The address stays the truth; a view only leads to it. */
export const SavedView = z.object({
  id: z.number().int(),
  name: z.string(),
  /** A page of Andon. */
  path: z.string(),
  /** The query string without `?`, without project, cursor and selection. */
  query: z.string(),
  is_shared: z.boolean(),
  /** Whether the reader made it. */
  is_own: z.boolean(),
  /** Whether the reader may rename, share or delete it. */
  may_change: z.boolean(),
  /** Who made it, by name. */
  made_by: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type SavedView = z.infer<typeof SavedView>
export const SavedViewList = list(SavedView)
export type SavedViewList = z.infer<typeof SavedViewList>

const Name = z.string().trim().min(1).max(80)
const Path = z
  .string()
  .max(200)
  .regex(/^\/(?:[a-z][a-z0-9-]*(?:\/[a-z][a-z0-9-]*)*)?$/, "must be a page of Andon, such as /spend")
const Query = z
  .string()
  .max(4000)
  .regex(/^[\x21-\x7e]*$/, "must be a query string as an address has it")

export const SavedViewInput = z.object({
  name: Name,
  path: Path,
  query: Query.default(""),
  is_shared: z.boolean().default(false),
})
export type SavedViewInput = z.infer<typeof SavedViewInput>
export const SavedViewChange = z.object({
  name: Name.optional(),
  path: Path.optional(),
  query: Query.optional(),
  is_shared: z.boolean().optional(),
})
export type SavedViewChange = z.infer<typeof SavedViewChange>
