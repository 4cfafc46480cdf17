import type { IconName } from "@/components/ui/icon"

/** The pages of the rail, with the letter that follows `g`. */
export const PAGES = [
  { path: "/", word: "Board", icon: "board", key: "b", last: null },
  { path: "/spend", word: "Spend", icon: "spend", key: "s", last: "30d" },
  { path: "/runs", word: "Runs", icon: "runs", key: "r", last: "30d" },
  { path: "/halted", word: "Halted", icon: "halted", key: "h", last: null },
  { path: "/exceptions", word: "Exceptions", icon: "exceptions", key: "q", last: null },
  { path: "/verifications", word: "Verifications", icon: "verifications", key: "v", last: "30d" },
  { path: "/reports", word: "Reports", icon: "reports", key: "p", last: null },
  { path: "/settings", word: "Settings", icon: "settings", key: "t", last: null },
] as const satisfies readonly { path: string; word: string; icon: IconName; key: string; last: string | null }[]

/** What a phone has room for, in the order of the thumb; the rest is behind More. */
export const PHONE_PATHS: readonly string[] = ["/", "/halted", "/runs", "/spend"]

/** The range a page shows when its address names none; null = it has no range of time. */
export function defaultLast(path: string): string | null {
  const page = PAGES.find((candidate) =>
    [candidate.path, `${candidate.path}/spans`, `${candidate.path}/results`].includes(path),
  )
  return page?.last ?? SETTINGS_LAST[path] ?? null
}

/** Pages of the settings that look at a stretch of time. */
const SETTINGS_LAST: Record<string, string> = { "/settings/quality": "7d" }

export function isWithin(path: string, page: string): boolean {
  return path === page || path.startsWith(`${page}/`)
}
