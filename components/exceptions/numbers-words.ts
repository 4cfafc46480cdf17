import { KIND_WORDS } from "@/components/exceptions/words"
import type { ExceptionNumbers } from "@/lib/contracts/exception-numbers"
import { plural } from "@/lib/format"

/** A share to a tenth of a percent; a dash where there is nothing to have a share of. */
export function share({ part, whole }: { part: number; whole: number }): string {
  return whole === 0 ? "–" : `${((part / whole) * 100).toFixed(1)} %`
}

/** "120 exceptions in 30 days; most, 41, are alarms by T01 of invoices." The rule to look at first is named. */
export function numbersSentence({ raised, is_capped, rules: [worst] }: ExceptionNumbers): string {
  if (raised === 0 || !worst) return "No exception in 30 days."
  const { many } = KIND_WORDS[worst.kind]
  const by = worst.rule === null ? "" : ` by rule ${worst.rule.slice(0, 60)}`
  const of = worst.workflow === null ? "" : ` of ${worst.workflow.slice(0, 60)}`
  const total = is_capped ? `More than ${plural(raised, "exception")}` : plural(raised, "exception")
  return `${total} in 30 days; the most, ${worst.raised}, are ${many.toLowerCase()}${by}${of}.`
}
