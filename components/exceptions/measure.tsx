import { type Measured, measureWords } from "@/lib/measure-words"

/** "observed 42 steps · limit 40": exact, of what raised it first. */
export function Measure({ exception }: { exception: Measured }) {
  const words = measureWords(exception)
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
