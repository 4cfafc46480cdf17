import { cookies } from "next/headers"
import type { ReactNode } from "react"
import { findViewer } from "@/app/(dashboard)/_lib/viewer"
import { Frame } from "@/components/frame/frame"
import { RAIL_COOKIE } from "@/components/frame/rail-cookie"
import { THEME_COOKIE, toTheme } from "@/components/frame/theme"

/** The frame around every page. It authorises nothing: each page asks for its project itself, and leads to the log-in where nobody is known. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const viewer = await findViewer()
  if (!viewer) return children
  const jar = await cookies()
  const theme = toTheme(jar.get(THEME_COOKIE)?.value)
  const isRailFolded = jar.get(RAIL_COOKIE)?.value === "folded"
  return (
    <Frame {...viewer} theme={theme} isRailFolded={isRailFolded} now={Date.now()}>
      {children}
    </Frame>
  )
}
