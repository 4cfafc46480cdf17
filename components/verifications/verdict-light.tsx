import { Light, type LightName } from "@/components/ui/light"
import type { Verdict } from "@/lib/vocabulary"

const LIGHT: Record<Verdict, LightName> = { passed: "verified", failed: "failed", error: "alarm", skipped: "silent" }
const WORD: Record<Verdict, string> = { passed: "passed", failed: "failed", error: "check broke", skipped: "skipped" }

/** The outcome of one check: `error` says that the check itself broke, not the work. */
export function VerdictLight({ outcome }: { outcome: Verdict }) {
  return <Light light={LIGHT[outcome]}>{WORD[outcome]}</Light>
}
