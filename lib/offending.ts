/** Rules whose evidence tells a story that the last of it ends: the call or the state that was once too often, the step that went on. */
const ENDS_WITH_IT: ReadonlySet<string> = new Set(["T06", "T07", "T10"])

/** The event or span, by its id, with which the limit was crossed; null where nothing shows it. */
export function offending({ rule, evidence }: { rule: string; evidence: readonly string[] }): string | null {
  return (ENDS_WITH_IT.has(rule) ? evidence.at(-1) : evidence[0]) ?? null
}
