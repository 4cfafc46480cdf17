import type { CSSProperties } from "react"

/** Of a whole in thousandths: what is used as a bar, what is gone as a stroke across it. */
type PaceLineProps = { used: number; gone: number; tone: "calm" | "alarm" | "over"; label: string }

/** A share that is used beside the share that is gone; past the whole the bar is full and says so by its tone and its words. */
export function PaceLine({ used, gone, tone, label }: PaceLineProps) {
  const share = (permille: number) => `${Math.min(1000, Math.max(0, permille)) / 10}%`
  return (
    <span
      className="pace-line"
      data-tone={tone}
      role="img"
      aria-label={label}
      title={label}
      style={{ "--used": share(used), "--gone": share(gone) } as CSSProperties}
    />
  )
}
