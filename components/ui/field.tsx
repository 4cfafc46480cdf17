"use client"

import { type ReactNode, useEffect, useId, useRef } from "react"
import { type Choices, Options } from "@/components/ui/options"

type LabelledProps = {
  label: string
  /** Below the field, and read out with it. */
  hint?: ReactNode
  /** What is refused about it, in the place of the hint. */
  error?: string | null
  /** It is marked as refused; a form may say why somewhere else. */
  isRefused?: boolean
  className?: string
  /** Draws the field with what ties it to its words. */
  children: (ties: Ties) => ReactNode
}
type Ties = { id: string; "aria-invalid"?: true; "aria-describedby"?: string }

/** A field below its label and above its hint or its error, both read out with it. */
export function Labelled({ label, hint, error, isRefused = Boolean(error), className = "", children }: LabelledProps) {
  const id = useId()
  const note = error || hint
  return (
    <div className={`flex flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="text-label text-ink-11">
        {label}
      </label>
      {children({
        id,
        "aria-invalid": isRefused || undefined,
        "aria-describedby": note ? `${id}-note` : undefined,
      })}
      {note ? (
        <p id={`${id}-note`} className={error ? "text-label text-halted" : "text-label text-ink-10"}>
          {note}
        </p>
      ) : null}
    </div>
  )
}

type FieldProps = {
  label: string
  name: string
  type?: "text" | "email" | "password" | "date"
  autoComplete?: string
  defaultValue?: string
  hint?: ReactNode
  /** What the server refuses about this field. */
  error?: string | null
  isRequired?: boolean
  /** Id of a datalist with suggestions. */
  list?: string
}

/** An input of a form. */
export function Field({ label, hint, error, isRequired = true, type = "text", ...props }: FieldProps) {
  return (
    <Labelled label={label} hint={hint} error={error}>
      {(ties) => <input {...ties} {...props} type={type} required={isRequired} className="field w-full" />}
    </Labelled>
  )
}

type SelectProps<T extends string> = {
  label: string
  name: string
  value: T
  options: Choices<T>
  onChange?: (value: T) => void
}

/** A labelled native select of a form. */
export function Select<T extends string>({ label, name, value, options, onChange }: SelectProps<T>) {
  return (
    <Labelled label={label}>
      {(ties) => (
        <Options
          {...ties}
          name={name}
          className="field w-full"
          defaultValue={value}
          options={options}
          onChoose={onChange}
        />
      )}
    </Labelled>
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
