import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"

/** Keyset pages: there is "older", and the way back to the newest; the browser's own back leads one page back. */
export function Pager({ newest, older }: { newest: string | null; older: string | null }) {
  if (newest === null && older === null) return null
  return (
    <nav aria-label="Pages of the list" className="flex justify-between gap-2 border-t border-line p-2">
      {newest === null ? (
        <span />
      ) : (
        <Link href={newest} className="button button-quiet" prefetch={false}>
          <Icon name="left" size={14} /> Newest
        </Link>
      )}
      {older === null ? null : (
        <Link href={older} className="button button-quiet" prefetch={false}>
          Older <Icon name="right" size={14} />
        </Link>
      )}
    </nav>
  )
}
