"use client"

import { PAGES } from "@/components/frame/pages"
import { Modal } from "@/components/ui/modal"

const GROUPS: readonly { title: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      ["/", "Search; ⌘K or Ctrl K too"],
      ["?", "This list"],
      ["esc", "Close what is open"],
      ["⌘ ↵", "Send a form from where you type; Ctrl Enter too"],
    ],
  },
  { title: "Pages", keys: PAGES.map((page) => [`g ${page.key}`, page.word] as const) },
  {
    title: "Lists",
    keys: [
      ["j  k", "Next and previous row"],
      ["enter", "Open the row"],
      [".", "Actions of the row"],
      ["x", "Select the row, where rows can be compared or acted on together"],
      ["c", "Compare the two selected runs"],
    ],
  },
  {
    title: "Halted and Exceptions",
    keys: [
      ["a", "Acknowledge"],
      ["e", "Resolve"],
      ["m", "Assign: m and Enter takes it"],
      ["n", "Add a note"],
      ["z", "Snooze"],
      ["u", "Suppress by design"],
      ["o", "Reopen"],
    ],
  },
  {
    title: "Trace",
    keys: [
      ["← →", "Fold and unfold a subtree"],
      ["s", "Search in the trace"],
      ["n  N", "Next and previous hit of that search"],
      ["p", "Most expensive path"],
      ["f", "First failure"],
      ["d", "First deviation from the plan"],
      ["z", "Stretch the time of the span, and back"],
      ["c", "Fold or unfold everything"],
    ],
  },
]

/** Every key that does something, by place. */
export function KeyList({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal open={open} onClose={onClose} className="dialog key-list" labelledBy="keys-title">
      <div className="flex items-center justify-between gap-4">
        <h2 id="keys-title" className="text-title">
          Keys
        </h2>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="mt-4 gap-x-8 sm:columns-2">
        {GROUPS.map((group) => (
          <section key={group.title} aria-label={group.title} className="mb-5 break-inside-avoid">
            <h3 className="text-label text-ink-10">{group.title}</h3>
            <dl className="mt-2 grid grid-cols-[64px_1fr] gap-x-3 gap-y-1.5">
              {group.keys.map(([keys, does]) => (
                <Key key={keys} keys={keys} does={does} />
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}

function Key({ keys, does }: { keys: string; does: string }) {
  return (
    <>
      <dt>
        <kbd className="kbd">{keys}</kbd>
      </dt>
      <dd className="text-table text-ink-11">{does}</dd>
    </>
  )
}
