"use client"

import { useClock } from "@/components/ui/clock"
import { Copy } from "@/components/ui/copy-button"
import {
  formatAgo,
  formatCompact,
  formatCount,
  formatDuration,
  formatExact,
  formatInstant,
  shortenMiddle,
} from "@/lib/format"
import { displayMoney } from "@/lib/money"

/** Money rounded for the eye, exact on hover. Unpriced is a word, never a zero. */
export function Cost({ value, currency }: { value: string | null; currency: string }) {
  if (value === null) return <span className="text-ink-10">unpriced</span>
  return <span title={`${value} ${currency}`}>{displayMoney(value, currency)}</span>
}

export function Count({ value, isCompact = false }: { value: number; isCompact?: boolean }) {
  return <span title={formatCount(value)}>{isCompact ? formatCompact(value) : formatCount(value)}</span>
}

/** An instant, relative or as date and time; the exact one with its zone on hover. */
export function When({ at, isRelative = false }: { at: string; isRelative?: boolean }) {
  const { now, zone } = useClock()
  return (
    <time dateTime={at} title={formatExact(at, zone)} className="whitespace-nowrap">
      {isRelative ? formatAgo(at, now) : formatInstant(at, zone, now)}
    </time>
  )
}

/** How long something took, or takes so far when it has no end yet. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const { now } = useClock()
  const text = formatDuration(Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from)))
  return <span>{to === null ? `${text} so far` : text}</span>
}

/** An id in mono, cut in its middle, with a button that copies the whole. */
export function Id({ id, length = 22, canCopy = true }: { id: string; length?: number; canCopy?: boolean }) {
  return (
    <span className="inline-flex items-center gap-1">
      <code title={id}>{shortenMiddle(id, length)}</code>
      {canCopy ? <Copy text={id} label={`Copy ${id}`} /> : null}
    </span>
  )
}
