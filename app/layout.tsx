import type { Metadata, Viewport } from "next"
import localFont from "next/font/local"
import { cookies } from "next/headers"
import type { ReactNode } from "react"
import { THEME_COOKIE, toTheme } from "@/components/frame/theme"
import "./globals.css"

// Optional: a font that comes late waits for the next page instead of moving the words of this one.
const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-inter",
  display: "optional",
})
const jetbrains = localFont({
  src: "../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2",
  weight: "100 800",
  variable: "--font-jetbrains",
  display: "optional",
  adjustFontFallback: false,
  preload: false,
})

export const metadata: Metadata = { title: { default: "Andon", template: "%s · Andon" }, robots: { index: false } }
export const viewport: Viewport = { width: "device-width", initialScale: 1, viewportFit: "cover" }

/** The end of what is seen, as an element's id. */
const END = "end-of-page"

/** The theme comes from a cookie, so that the first byte already has it; reading it also makes every page dynamic, which the CSP nonce needs. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = toTheme((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <html lang="en" data-theme={theme} className={`${inter.variable} ${jetbrains.variable}`}>
      <head>
        {/* Painted while it is still coming in, a table moves its columns with every row: nothing shows before the whole page is there. */}
        <link rel="expect" href={`#${END}`} blocking="render" />
      </head>
      <body>
        {children}
        <span id={END} hidden />
      </body>
    </html>
  )
}
