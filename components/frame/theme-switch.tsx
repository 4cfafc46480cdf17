"use client"

import { useState } from "react"
import { THEME_COOKIE, THEMES, type Theme } from "@/components/frame/theme"
import { Icon } from "@/components/ui/icon"

const YEAR_SECONDS = 365 * 24 * 3600
const ICONS = { system: "system", light: "sun", dark: "moon" } as const

/** Follows the system, or is light or dark; kept in a cookie, because the server draws the first byte already in it. */
export function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial)
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system"
  const change = () => {
    setTheme(next)
    document.documentElement.dataset.theme = next
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
  }
  return (
    <button
      type="button"
      className="button button-quiet"
      onClick={change}
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
    >
      <Icon name={ICONS[theme]} />
    </button>
  )
}
