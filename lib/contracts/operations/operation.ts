import type { KeyScope } from "@/lib/vocabulary"

/** What a parameter list is made of; `PARAMETERS` in `../openapi.ts` says what each one is. */
type Parameter =
  | "range"
  | "zone"
  | "by"
  | "grain"
  | "top"
  | "measure"
  | "dimensions"
  | "run_dimensions"
  | "status"
  | "proof"
  | "outcome"
  | "check"
  | "q"
  | "unpriced"
  | "queue"
  | "similar"
  | "letters"
  | "sort"
  | "page"
  | "format"
  | "month"
  | "facet"
  | "two_runs"
  | "policy"
  | "runner"
  | "messages"
  | "seen"

/** One address of the API: a test holds the list against the route files. */
export type Operation = {
  method: "get" | "post" | "patch" | "delete"
  path: string
  summary: string
  /** By session, and by a key that has this scope; null = by session only. */
  scope: KeyScope | null
  parameters?: readonly Parameter[]
  body?: string
  answer?: string
  /** Default 200. */
  status?: number
  /** Of the answer, when it is not JSON. */
  mediaType?: string
}

/** What chooses runs, where a list or a series of them is asked for. */
export const RUNS_IN_RANGE = ["range", "zone", "run_dimensions", "status", "proof"] as const
