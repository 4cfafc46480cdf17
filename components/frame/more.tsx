"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { logOut } from "@/components/frame/log-out"
import { useOverlays } from "@/components/frame/overlays"
import { pageHrefFrom } from "@/components/frame/page-href"
import { isWithin, PAGES, PHONE_PATHS } from "@/components/frame/pages"
import { useScope } from "@/components/frame/project"
import { ThemeSwitch } from "@/components/frame/theme-switch"
import { ViewsMenu } from "@/components/frame/views-menu"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { Sheet } from "@/components/ui/sheet"
import { useToast } from "@/components/ui/toast"

/** On a phone: the pages that the bar has no room for, saved views, theme and account. */
export function More({ open, onClose }: { open: boolean; onClose: () => void }) {
  const path = usePathname()
  const params = useSearchParams()
  const overlays = useOverlays()
  const { viewer } = useScope()
  const toast = useToast()
  return (
    <Sheet title="More" open={open} onClose={onClose}>
      <nav aria-label="More pages">
        <ul className="menu">
          {PAGES.filter((page) => !PHONE_PATHS.includes(page.path)).map((page) => (
            <li key={page.path}>
              <Link
                href={pageHrefFrom(path, params, page.path)}
                className="menu-item flex items-center gap-3"
                aria-current={isWithin(path, page.path) ? "page" : undefined}
                onClick={onClose}
              >
                <Icon name={page.icon} /> {page.word}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <h3 className="mt-4 px-3 text-label text-ink-10">Saved views</h3>
      <ViewsMenu close={onClose} />
      <div className="mt-4 flex items-center gap-2 border-t border-line pt-3">
        <p className="min-w-0 grow truncate px-3 text-label text-ink-11" title={viewer.email}>
          {viewer.name}
        </p>
        <button
          type="button"
          className="icon-button"
          aria-label="Keys"
          onClick={() => {
            onClose()
            overlays.open("keys")
          }}
        >
          <Icon name="keyboard" />
        </button>
        <ThemeSwitch />
        <button
          type="button"
          className="button"
          onClick={() => void logOut().catch((error: Error) => toast({ text: error.message, tone: "error" }))}
        >
          Log out
        </button>
      </div>
    </Sheet>
  )
}
