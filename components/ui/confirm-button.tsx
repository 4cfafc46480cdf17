"use client"

import { useId, useRef } from "react"

type ConfirmButtonProps = {
  word: string
  /** What happens and to what, as a question. */
  question: string
  act: () => void
  isDisabled?: boolean
  isDangerous?: boolean
}

/** A button that asks before it acts; the dialog keeps the focus and gives it back. */
export function ConfirmButton({ word, question, act, isDisabled = false, isDangerous = false }: ConfirmButtonProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  return (
    <>
      <button
        type="button"
        className={`button button-quiet ${isDangerous ? "button-danger" : ""}`}
        disabled={isDisabled}
        onClick={() => dialog.current?.showModal()}
      >
        {word}
      </button>
      <dialog ref={dialog} className="dialog text-left whitespace-normal" aria-labelledby={id}>
        <p id={id} className="break-words">
          {question}
        </p>
        <form method="dialog" className="mt-4 flex gap-2">
          <button type="submit" className={`button ${isDangerous ? "button-danger" : "button-primary"}`} onClick={act}>
            {word}
          </button>
          <button type="submit" className="button button-quiet">
            Cancel
          </button>
        </form>
      </dialog>
    </>
  )
}
