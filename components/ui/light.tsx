import type { ReactNode } from "react"
import type { LightName } from "@/lib/lights"

const SHAPES: Record<LightName, ReactNode> = {
  verified: <circle cx="7" cy="7" r="5.5" fill="currentColor" />,
  running: (
    <>
      <circle cx="7" cy="7" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M7 2.25a4.75 4.75 0 0 1 0 9.5z" fill="currentColor" />
    </>
  ),
  unproven: (
    <>
      <circle cx="7" cy="7" r="6" fill="currentColor" />
      <path
        d="M5.2 5.6a1.85 1.85 0 1 1 2.6 1.7c-.55.27-.8.55-.8 1.1M7 10.3v.2"
        fill="none"
        stroke="var(--paper)"
        strokeWidth="1.3"
        strokeLinecap="round"
      />
    </>
  ),
  alarm: <path d="M7 1.5 13 12.5H1z" fill="currentColor" />,
  failed: <path d="m2.5 2.5 9 9m0-9-9 9" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round" />,
  halted: <rect x="2" y="2" width="10" height="10" rx="1" fill="currentColor" />,
  quarantined: <path d="M4 1.8h6L13 7l-3 5.2H4L1 7z" fill="currentColor" />,
  unchecked: <circle cx="7" cy="7" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  silent: <path d="M2.5 7h9" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
}

const INK: Record<LightName, string> = {
  verified: "text-verified",
  running: "text-running",
  unproven: "text-unproven",
  alarm: "text-alarm",
  failed: "text-failed",
  halted: "text-halted",
  quarantined: "text-quarantined",
  unchecked: "text-unchecked",
  silent: "text-silent",
}

/** The shape alone, for where the word stands nearby. */
export function LightShape({ light, size = 14 }: { light: LightName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" className={`${INK[light]} shrink-0`} aria-hidden="true">
      {SHAPES[light]}
    </svg>
  )
}

/** @param children the word when it is not the light's own name. */
export function Light({ light, children }: { light: LightName; children?: ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${INK[light]}`}>
      <LightShape light={light} />
      <span>{children ?? light}</span>
    </span>
  )
}
