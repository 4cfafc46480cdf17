"use client"

import { type ReactNode, useEffect, useId, useRef } from "react"

type FieldProps = {
  label: string
  name: string
  type?: "text" | "email" | "password"
  autoComplete?: string
  defaultValue?: string
  hint?: ReactNode
  /** What the server refuses about this field. */
  error?: string | null
  isRequired?: boolean
  /** Id of a datalist with suggestions. */
  list?: string
}

/** A labelled input with its hint and its error, both read out with it. */
export function Field({
  label,
  name,
  type = "text",
  autoComplete,
  defaultValue,
  hint,
  error,
  isRequired = true,
  list,
}: FieldProps) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-label text-ink-11">
        {label}
      </label>
      <input
        id={id}
        name={name}
        type={type}
        className="field w-full"
        autoComplete={autoComplete}
        defaultValue={defaultValue}
        required={isRequired}
        list={list}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
      />
      {hint || error ? (
        <p id={`${id}-note`} className={error ? "text-label text-halted" : "text-label text-ink-10"}>
          {error || hint}
        </p>
      ) : null}
    </div>
  )
}

type SelectProps<T extends string> = {
  label: string
  name: string
  value: T
  options: readonly (readonly [T, string])[]
  onChange?: (value: T) => void
}

/** A labelled native select of a form. */
export function Select<T extends string>({ label, name, value, options, onChange }: SelectProps<T>) {
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-label text-ink-11">
        {label}
      </label>
      <select
        id={id}
        name={name}
        className="field w-full"
        defaultValue={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value)
          if (chosen) onChange?.(chosen[0])
        }}
      >
        {options.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    </div>
  )
}

/**
 * Leads to a refusal once it is drawn: the first refused field gets the focus; without one, what says it comes into sight.
 * @param within what holds the fields, around the element that the result is given to.
 */
export function useRefusal<T extends HTMLElement>(error: Error | null, within = "form") {
  const note = useRef<T>(null)
  useEffect(() => {
    if (error === null) return
    const field = note.current?.closest(within)?.querySelector<HTMLElement>("[aria-invalid]")
    // What is folded away cannot take the focus.
    const fold = field?.closest("details")
    if (fold) fold.open = true
    if (field) field.focus()
    else note.current?.scrollIntoView({ block: "nearest" })
  }, [error, within])
  return note
}

/** What was refused as a whole, announced when it appears. */
export function FormError({ text }: { text: string | null }) {
  return (
    <p role="alert" className={text ? "rounded-base bg-halted-tint px-3 py-2 text-table text-halted" : "sr-only"}>
      {text ?? ""}
    </p>
  )
}
