import { isMeasured, type Measured, measureWords } from "@/lib/measure-words"
import { isRule } from "@/lib/rule-words"

/** "observed 42 steps · limit 40": exact, of what raised it first. A rule of Andon's says what is no number in its sentence already. */
export function Measure({ exception }: { exception: Measured & { rule: string | null } }) {
  const isSaid = exception.rule !== null && isRule(exception.rule) && !isMeasured(exception)
  const words = isSaid ? null : measureWords(exception)
  if (words === null) return null
  return (
    <span className="text-ink-10 wrap-anywhere">
      <bdi>{words.observed}</bdi>
      {words.limit === null ? null : (
        <>
          {" "}
          · <bdi>{words.limit}</bdi>
        </>
      )}
    </span>
  )
}
