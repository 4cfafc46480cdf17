import type { Exception } from "@/lib/contracts/exceptions"

/** "seen 4.2, allowed 4 USD": exact, of what raised it first. */
export function Measure({ exception: { observed, limit, unit } }: { exception: Exception }) {
  if (observed === null || observed === "") return null
  return (
    <span className="text-ink-10 wrap-anywhere">
      seen <bdi>{observed}</bdi>
      {limit === null || limit === "" ? null : (
        <>
          , allowed <bdi>{limit}</bdi>
        </>
      )}{" "}
      {unit}
    </span>
  )
}
