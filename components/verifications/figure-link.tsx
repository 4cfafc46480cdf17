import Link from "next/link"
import { formatCount } from "@/lib/format"

/** A count that leads to exactly its rows; plain where no address can name them, and for nothing. */
export function FigureLink({ value, href, what }: { value: number; href: string | null; what: string }) {
  const text = formatCount(value)
  if (href === null || value === 0) return <span title={text}>{text}</span>
  return (
    <Link className="link" href={href} prefetch={false} aria-label={`${text} ${what}`} title={`${text} ${what}`}>
      {text}
    </Link>
  )
}
