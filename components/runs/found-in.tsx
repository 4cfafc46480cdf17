import type { MatchKind, RunSearch } from "@/lib/contracts/runs"

const WORDS: Record<MatchKind, string> = {
  id: "id",
  workflow: "workflow",
  environment: "environment",
  release: "release",
  team: "team",
  customer: "customer",
  provider: "provider",
  model: "model",
  tag: "tag",
  error: "error",
  halt: "halt",
}

type Match = RunSearch["matches"][number]

export function foundByRun(search: RunSearch | null): Map<string, Match[]> {
  const found = new Map<string, Match[]>()
  for (const match of search?.matches ?? []) found.set(match.run, [...(found.get(match.run) ?? []), match])
  return found
}

/** What a search found a run by: the kind, and the text that holds it. */
export function FoundIn({ matches }: { matches: readonly Match[] }) {
  const words = matches.map(({ kind, text }) => (text === null ? WORDS[kind] : `${WORDS[kind]}: ${text}`))
  return <span title={words.join("\n")}>{words.join(" · ")}</span>
}

/** What was searched, and what of it was too much, in a sentence. */
export function searchSentence(search: RunSearch): string {
  const looked = `Searched ids, names, models, halts, the tags of the newest ${thousands(search.tags_read)} tagged runs and the newest ${thousands(search.errors_read)} errors of this range.`
  if (search.capped.length === 0) return looked
  const kinds = search.capped.map((kind) => WORDS[kind])
  const list = kinds.length === 1 ? kinds[0] : `${kinds.slice(0, -1).join(", ")} and ${kinds.at(-1)}`
  return `${looked} More runs match by ${list} than a search keeps: the newest ${thousands(search.kept)} of them are here, a filter shows all.`
}

const thousands = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ",")
