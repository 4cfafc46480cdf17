"use client"

import { usePathname, useRouter, useSearchParams } from "next/navigation"
import { useEffect } from "react"
import { useOverlays } from "@/components/frame/overlays"
import { pageHrefFrom } from "@/components/frame/page-href"
import { PAGES } from "@/components/frame/pages"

const CHORD_MS = 1200

/**
 * `g` then a letter leads to a page, `/` and ⌘K search, `?` lists the keys, `.` what can be done with a row. Nothing but ⌘K fires while somebody types, holds a modifier or
 * has a dialog open.
 */
export function Keys() {
  const router = useRouter()
  const path = usePathname()
  const params = useSearchParams()
  const { open, openRow } = useOverlays()

  useEffect(() => {
    let chordAt = 0
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault()
        return open("search")
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector("dialog:modal")) return
      if (event.key === "?") return open("keys")
      if (event.key === "/") {
        event.preventDefault()
        return open("search")
      }
      if (event.key === ".") {
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]") : null
        if (!row) return
        event.preventDefault()
        return openRow(row)
      }
      if (event.key === "j" && isNowhere(event.target)) {
        const row = document.querySelector<HTMLElement>("#content [data-row]")
        // A tree has the focus itself, and moves between its rows.
        const tree = row?.closest<HTMLElement>("[role=tree]")
        const first = tree ?? (row?.matches("a, button") ? row : row?.querySelector<HTMLElement>("a, button"))
        if (!first) return
        event.preventDefault()
        return first.focus()
      }
      if (event.key === "g") {
        chordAt = event.timeStamp
        return
      }
      const page = PAGES.find((candidate) => candidate.key === event.key)
      if (page && chordAt > 0 && event.timeStamp - chordAt < CHORD_MS) {
        // Taken here, so that the second letter of a chord is no key of the page itself.
        event.preventDefault()
        event.stopImmediatePropagation()
        router.push(pageHrefFrom(path, params, page.path))
      }
      chordAt = 0
    }
    window.addEventListener("keydown", onKey, { capture: true })
    return () => window.removeEventListener("keydown", onKey, { capture: true })
  }, [router, path, params, open, openRow])

  return null
}

/** The focus is on no control: `j` then enters the first list of the page. */
function isNowhere(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof HTMLElement && target.id === "content")
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
}
