"use client"

import { useRouter } from "next/navigation"
import { useEffect, useRef } from "react"
import { withQuery } from "@/components/data/http"
import { PAGES } from "@/components/frame/pages"
import { useScope } from "@/components/frame/project"

const CHORD_MS = 1200

/** `g` then a letter leads to a page, `?` lists the keys. Nothing fires while somebody types or holds a modifier. */
export function Keys() {
  const router = useRouter()
  const { slug } = useScope()
  const dialog = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    let chordAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (event.key === "?") return dialog.current?.showModal()
      if (event.key === "g") {
        chordAt = event.timeStamp
        return
      }
      const page = PAGES.find((candidate) => candidate.key === event.key)
      if (page && event.timeStamp - chordAt < CHORD_MS) {
        event.preventDefault()
        router.push(withQuery(page.path, slug === null ? "" : new URLSearchParams({ project: slug }).toString()))
      }
      chordAt = 0
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [router, slug])

  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="keys-title">
      <h2 id="keys-title" className="text-title">
        Keys
      </h2>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {PAGES.map((page) => (
          <Key key={page.key} keys={`g ${page.key}`} does={page.word} />
        ))}
        <Key keys="j k" does="Next and previous row" />
        <Key keys="enter" does="Open the row" />
        <Key keys="esc" does="Close the panel" />
        <Key keys="?" does="This list" />
      </dl>
      <form method="dialog" className="mt-4">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </dialog>
  )
}

function Key({ keys, does }: { keys: string; does: string }) {
  return (
    <>
      <dt>
        <kbd>{keys}</kbd>
      </dt>
      <dd className="text-ink-11">{does}</dd>
    </>
  )
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
}
