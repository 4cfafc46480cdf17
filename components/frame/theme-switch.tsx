"use client"

import { createContext, type ReactNode, useContext, useState } from "react"
import { THEME_COOKIE, THEMES, type Theme } from "@/components/frame/theme"
import { Icon } from "@/components/ui/icon"

const YEAR_SECONDS = 365 * 24 * 3600
const ICONS = { system: "system", light: "sun", dark: "moon" } as const
const ThemeContext = createContext<{ theme: Theme; setTheme: (theme: Theme) => void }>({
  theme: "system",
  setTheme: () => {},
})

/** One theme for every switch of the page. */
export function ThemeProvider({ initial, children }: { initial: Theme; children: ReactNode }) {
  const [theme, setTheme] = useState(initial)
  return <ThemeContext value={{ theme, setTheme }}>{children}</ThemeContext>
}

/** Follows the system, or is light or dark; kept in a cookie, because the server draws the first byte already in it. */
export function ThemeSwitch() {
  const { theme, setTheme } = useContext(ThemeContext)
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
      className="icon-button"
      onClick={change}
      aria-label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
    >
      <Icon name={ICONS[theme]} />
    </button>
  )
}
