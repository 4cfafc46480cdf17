"use client"

import type { ComponentProps } from "react"

export type Choices<T extends string> = readonly (readonly [value: T, word: string])[]

type OptionsProps<T extends string> = Omit<ComponentProps<"select">, "onChange" | "children"> & {
  options: Choices<T>
  onChoose?: (value: T) => void
}

/** A native select of values and their words; what it tells is one of the values. */
export function Options<T extends string>({ options, onChoose, ...props }: OptionsProps<T>) {
  return (
    <select
      {...props}
      onChange={(event) => {
        const chosen = options.find(([value]) => value === event.target.value)
        if (chosen) onChoose?.(chosen[0])
      }}
    >
      {options.map(([value, word]) => (
        <option key={value} value={value}>
          {word}
        </option>
      ))}
    </select>
  )
}
