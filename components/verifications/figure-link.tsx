import { Link } from "@/components/ui/link"
import { formatCount } from "@/lib/format"

type FigureLinkProps = {
  value: number
  href: string | null
  /** What is counted, for the title and for those who hear the link alone. */
  what: string
  /** Colour of a figure that is not zero. */
  tone?: string
}

/** A count that leads to exactly its rows; plain where no address can name them, and for nothing. */
export function FigureLink({ value, href, what, tone = "" }: FigureLinkProps) {
  const text = formatCount(value)
  if (value === 0) return <span className="text-ink-10">{text}</span>
  if (href === null)
    return (
      <span className={tone} title={`${text} ${what}`}>
        {text}
      </span>
    )
  return (
    <Link
      className={`link ${tone}`}
      href={href}
      prefetch={false}
      aria-label={`${text} ${what}`}
      title={`${text} ${what}`}
    >
      {text}
    </Link>
  )
}
