import { cookies } from "next/headers"
import type { ReactNode } from "react"
import { findViewer } from "@/app/(dashboard)/_lib/viewer"
import { Frame } from "@/components/frame/frame"
import { THEME_COOKIE, toTheme } from "@/components/frame/theme"

/** The frame around every page. It authorises nothing: each page asks for its project itself, and leads to the log-in where nobody is known. */
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const viewer = await findViewer()
  if (!viewer) return children
  const theme = toTheme((await cookies()).get(THEME_COOKIE)?.value)
  return (
    <Frame {...viewer} theme={theme} now={Date.now()}>
      {children}
    </Frame>
  )
}
