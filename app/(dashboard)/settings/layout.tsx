import type { ReactNode } from "react"
import { findViewer } from "@/app/(dashboard)/_lib/viewer"
import { SettingsNav } from "@/components/settings/settings-nav"

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const viewer = await findViewer()
  return (
    <>
      {viewer ? <SettingsNav /> : null}
      {children}
    </>
  )
}
