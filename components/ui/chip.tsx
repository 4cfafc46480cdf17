"use client"

import { Icon } from "@/components/ui/icon"

/** Something in force that a press takes away. The text is anybody's: kept apart from ours and cut. */
export function Chip({ text, remove }: { text: string; remove: () => void }) {
  return (
    <button
      type="button"
      className="chip"
      onClick={remove}
      aria-label={`Remove the filter ${text}`}
      title={text.slice(0, 300)}
    >
      <bdi className="max-w-64 truncate">{text}</bdi>
      <Icon name="close" size={12} />
    </button>
  )
}
