import type { Option } from "@/components/frame/palette-options"

const KEPT = 6
const keyOf = (project: string) => `andon.recent.${project}`

/** What was lately chosen in this browser and project; kept here alone, never sent. */
export function readRecent(project: string): Option[] {
  try {
    const stored: unknown = JSON.parse(window.localStorage.getItem(keyOf(project)) ?? "[]")
    return Array.isArray(stored) ? stored.filter(isOption).slice(0, KEPT) : []
  } catch {
    // A private window without storage, or a store that somebody else wrote.
    return []
  }
}

export function keepRecent(project: string, chosen: Option): void {
  const others = readRecent(project).filter((option) => option.id !== chosen.id)
  const kept = [{ ...chosen, group: "Recent" }, ...others].slice(0, KEPT)
  try {
    window.localStorage.setItem(keyOf(project), JSON.stringify(kept))
  } catch {
    // Nothing depends on it.
  }
}

function isOption(value: unknown): value is Option {
  const option = value as Option | null
  return (
    typeof option === "object" &&
    option !== null &&
    [option.id, option.group, option.text, option.icon, option.href].every((text) => typeof text === "string") &&
    /^\/(?![/\\])/.test(option.href)
  )
}
