import type { Paint } from "@/components/charts/prepare/colour"

/** The colour of a series beside its name. */
export function Swatch({ paint }: { paint: Paint }) {
  return (
    <span
      className="inline-block h-2.5 w-2.5 shrink-0 rounded-[2px]"
      style={{ background: paint.fill }}
      aria-hidden="true"
    />
  )
}
