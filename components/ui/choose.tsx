"use client"

type ChooseProps<T extends string> = {
  label: string
  value: T
  options: readonly (readonly [T, string])[]
  onChange: (value: T) => void
  /** Where each value says what is chosen by itself, the label is only read out. */
  isPlain?: boolean
}

/** A labelled native select: its words stand before it, and it works the same with keys, mouse and thumb. */
export function Choose<T extends string>({ label, value, options, onChange, isPlain = false }: ChooseProps<T>) {
  return (
    <label className="flex items-center gap-2 text-label text-ink-11">
      <span className={isPlain ? "sr-only" : undefined}>{label}</span>
      <select
        className="field"
        value={value}
        onChange={(event) => {
          const chosen = options.find(([option]) => option === event.target.value)
          if (chosen) onChange(chosen[0])
        }}
      >
        {options.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    </label>
  )
}
