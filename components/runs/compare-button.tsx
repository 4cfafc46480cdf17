"use client"

import { Link } from "@/components/ui/link"

type CompareButtonProps = { selected: number; href: string | null; clear: () => void }

/** Always there, so that nothing moves when a row is selected. */
export function CompareButton({ selected, href, clear }: CompareButtonProps) {
  return (
    <span className="flex items-center gap-2">
      <span className="text-label text-ink-10" aria-live="polite">
        {selected === 1 ? "One more to compare" : null}
      </span>
      {selected > 0 ? (
        <button type="button" className="button button-quiet" onClick={clear}>
          Unselect
        </button>
      ) : null}
      {href === null ? (
        <button type="button" className="button" disabled title="Select two runs with x or their boxes, then c">
          Compare
        </button>
      ) : (
        <Link href={href} className="button button-primary" prefetch={false}>
          Compare <kbd>c</kbd>
        </Link>
      )}
    </span>
  )
}
