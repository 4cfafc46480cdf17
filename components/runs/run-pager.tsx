import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"

type RunPagerProps = { first: string | null; previous: string | null; next: string | null }

/** Keyset pages, both ways. */
export function RunPager({ first, previous, next }: RunPagerProps) {
  if (first === null && previous === null && next === null) return null
  return (
    <nav aria-label="Pages of the list" className="flex gap-2 border-t border-line p-2">
      {first === null ? null : (
        <Link href={first} className="button button-quiet" prefetch={false}>
          First page
        </Link>
      )}
      {previous === null ? null : (
        <Link href={previous} className="button button-quiet" prefetch={false} rel="prev">
          <Icon name="left" size={14} /> Previous
        </Link>
      )}
      {next === null ? null : (
        <Link href={next} className="button button-quiet ml-auto" prefetch={false} rel="next">
          Next <Icon name="right" size={14} />
        </Link>
      )}
    </nav>
  )
}
