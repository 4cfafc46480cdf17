import type { ReactNode } from "react"

type ScrollBoxProps = {
  /** What it holds, for those who reach it by keyboard and hear where they are. */
  label: string
  className?: string
  children: ReactNode
}

/** What may be wider or longer than its place and has nothing in it that takes the focus: the keys scroll it. */
export function ScrollBox({ label, className = "table-scroll", children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
    <section className={className} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
