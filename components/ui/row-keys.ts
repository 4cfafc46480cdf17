"use client"

import { type KeyboardEvent, useCallback } from "react"

/**
 * `j` and `k` (and the arrows) move between the rows of a list; `enter` is the link's own. A row is any element with `data-row` that holds
 * its link, or is it.
 */
export function useRowKeys() {
  return useCallback((event: KeyboardEvent<HTMLElement>) => {
    const step =
      event.key === "j" || event.key === "ArrowDown" ? 1 : event.key === "k" || event.key === "ArrowUp" ? -1 : 0
    if (step === 0 || event.metaKey || event.ctrlKey || event.altKey) return
    const target = event.target as HTMLElement
    if (target.closest("input, textarea, select")) return
    const links = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")].map(
      (row) => (row.matches("a, button") ? row : row.querySelector<HTMLElement>("a, button")) ?? row,
    )
    const here = links.findIndex((link) => link === target || link.closest("[data-row]")?.contains(target))
    const next = links[Math.min(links.length - 1, Math.max(0, here + step))]
    if (!next) return
    event.preventDefault()
    next.focus()
  }, [])
}
