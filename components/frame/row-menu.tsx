"use client"

import { useEffect, useId, useRef, useState } from "react"
import { Modal } from "@/components/ui/modal"
import { useToast } from "@/components/ui/toast"

type Act = { word: string; run: () => void }

/** `.` on a row: what can be done with it, gathered from its own links and buttons, so that every list has it without saying so. */
export function RowMenu({ row, onClose }: { row: HTMLElement; onClose: () => void }) {
  const toast = useToast()
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const [acts] = useState(() => actsOf(row, toast))
  useEffect(() => {
    list.current?.querySelector("button")?.focus()
    // A dialog that leaves the page gives no focus back by itself.
    return () => (row.matches("a, button") ? row : row.querySelector<HTMLElement>("a, button"))?.focus()
  }, [row])
  const move = (step: number) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])]
    const here = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(here + step + buttons.length) % buttons.length]?.focus()
  }
  return (
    <Modal open onClose={onClose} className="dialog row-menu" labelledBy={id}>
      <h2 id={id} className="px-3 pb-1 text-label text-ink-10">
        Actions of the row
      </h2>
      <ul
        ref={list}
        className="menu"
        onKeyDown={(event) => {
          const step = ["ArrowDown", "j"].includes(event.key) ? 1 : ["ArrowUp", "k"].includes(event.key) ? -1 : 0
          if (step === 0) return
          event.preventDefault()
          move(step)
        }}
      >
        {acts.map(({ word, run }) => (
          <li key={word}>
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                onClose()
                // After the dialog has given the focus back to the row: what acts may move it on.
                window.setTimeout(run)
              }}
            >
              <bdi className="block truncate">{word}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}

function actsOf(row: HTMLElement, toast: ReturnType<typeof useToast>): Act[] {
  const acts = new Map<string, () => void>()
  const add = (word: string, run: () => void) => {
    if (word !== "" && !acts.has(word)) acts.set(word, run)
  }
  const link = row.matches("a") ? (row as HTMLAnchorElement) : row.querySelector<HTMLAnchorElement>("a[href]")
  if (link) {
    add("Open", () => link.click())
    add("Open in a new tab", () => window.open(link.href, "_blank", "noopener"))
    add("Copy the link", () => copy(link.href, "Copied the link", toast))
  }
  for (const control of row.querySelectorAll<HTMLElement>("a[href], button, input[type=checkbox], summary"))
    if (control !== link && !control.matches(":disabled")) add(nameOf(control), () => control.click())
  return [...acts].map(([word, run]) => ({ word, run }))
}

/** How the control is called, as it would be read out. */
function nameOf(control: HTMLElement): string {
  const name = control.getAttribute("aria-label") ?? (control.textContent?.trim() || control.title)
  return name.replace(/\s+/g, " ").trim().slice(0, 120)
}

function copy(text: string, done: string, toast: ReturnType<typeof useToast>): void {
  navigator.clipboard.writeText(text).then(
    () => toast({ text: done }),
    () => toast({ text: "The browser does not let this page copy.", tone: "error" }),
  )
}
