"use client"

import { useId } from "react"
import { type Choices, Options } from "@/components/ui/options"

type ChooseProps<T extends string> = {
  label: string
  value: T
  options: Choices<T>
  onChange: (value: T) => void
  /** Where each value says what is chosen by itself, the label is only read out. */
  isPlain?: boolean
  isDisabled?: boolean
}

/** A labelled native select: its words stand before it, and it works the same with keys, mouse and thumb. */
export function Choose<T extends string>(props: ChooseProps<T>) {
  const { label, value, options, onChange, isPlain = false, isDisabled } = props
  const id = useId()
  return (
    <label htmlFor={id} className="flex items-center gap-2 text-label text-ink-11">
      <span className={isPlain ? "sr-only" : undefined}>{label}</span>
      <Options id={id} className="field" value={value} options={options} onChoose={onChange} disabled={isDisabled} />
    </label>
  )
}
