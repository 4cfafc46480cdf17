import { AppError } from "@/lib/errors"
import { parseInstant, toIso } from "@/lib/time"

/** Where a list goes on: an instant and the ids that break its ties. Opaque to the caller, checked like any input. */
export type Cursor = { at: string; ids: string[] }

export function encodeCursor({ at, ids }: Cursor): string {
  return Buffer.from(JSON.stringify([at, ...ids])).toString("base64url")
}

/** @throws AppError `invalid_filter` when it is not one of ours. */
export function decodeCursor(text: string | null, ids: number): Cursor | null {
  if (text === null) return null
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8"))
  } catch {
    parts = null
  }
  const invalid = () => new AppError("invalid_filter", "cursor is not one that a list gave.", { field: "cursor" })
  if (!Array.isArray(parts) || parts.length !== ids + 1 || parts.some((part) => typeof part !== "string"))
    throw invalid()
  const [at, ...rest] = parts as string[]
  const instant = parseInstant(at ?? "")
  if (instant === null || rest.some((id) => /[\0\p{Surrogate}]/u.test(id))) throw invalid()
  return { at: toIso(instant), ids: rest }
}

/** Rows of one page out of up to `limit + 1` that were read, and the cursor of the last when there are more. */
export function page<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (row: T) => Cursor,
): { items: T[]; next_cursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null }
}

const LIST_DEFAULT = 50
const LIST_CAP = 200

export function listLimit(limit: number | null): number {
  return Math.min(limit ?? LIST_DEFAULT, LIST_CAP)
}
