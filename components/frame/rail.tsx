"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { useRef, useState } from "react"
import { useOverlays } from "@/components/frame/overlays"
import { pageHrefFrom } from "@/components/frame/page-href"
import { isWithin, PAGES, PHONE_PATHS } from "@/components/frame/pages"
import { RAIL_COOKIE } from "@/components/frame/rail-cookie"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"

const YEAR_SECONDS = 365 * 24 * 3600

/** The way to each page at the left; it folds to icons, and a cookie remembers that, because the server draws the first byte already so. */
export function Rail({ isFolded: initial }: { isFolded: boolean }) {
  const path = usePathname()
  const params = useSearchParams()
  const [isFolded, setIsFolded] = useState(initial)
  const fold = () => {
    setIsFolded(!isFolded)
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser yet
    document.cookie = `${RAIL_COOKIE}=${isFolded ? "open" : "folded"}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
  }
  const word = isFolded ? "Unfold the rail" : "Fold the rail"
  return (
    <nav aria-label="Pages" className="rail" data-folded={isFolded}>
      <Link href={pageHrefFrom(path, params, "/")} className="rail-brand" prefetch={false} title="Andon">
        <Mark />
        <span>Andon</span>
      </Link>
      <ul>
        {PAGES.map((page) => (
          <li key={page.path}>
            <RailLink page={page} href={pageHrefFrom(path, params, page.path)} isHere={isWithin(path, page.path)} />
          </li>
        ))}
      </ul>
      <button type="button" className="rail-link rail-fold" aria-expanded={!isFolded} title={word} onClick={fold}>
        <Icon name={isFolded ? "unfold" : "fold"} />
        <span>{word}</span>
      </button>
    </nav>
  )
}

type RailLinkProps = { page: (typeof PAGES)[number]; href: string; isHere: boolean }

const MEANT_MS = 80

/** Fetched ahead, data and all, once somebody rests on it: never for merely being in sight or passed over. */
function RailLink({ page, href, isHere }: RailLinkProps) {
  const [isWanted, setIsWanted] = useState(false)
  const timer = useRef<number | undefined>(undefined)
  return (
    <Link
      href={href}
      prefetch={isWanted && !isHere}
      className="rail-link"
      title={`${page.word} (g ${page.key})`}
      aria-current={isHere ? "page" : undefined}
      onPointerEnter={() => {
        timer.current = window.setTimeout(() => setIsWanted(true), MEANT_MS)
      }}
      onPointerLeave={() => window.clearTimeout(timer.current)}
    >
      <Icon name={page.icon} />
      <span>{page.word}</span>
    </Link>
  )
}

/** The bar at the bottom of a phone: four pages under the thumb, the rest behind More. */
export function PhoneBar() {
  const path = usePathname()
  const params = useSearchParams()
  const { open } = useOverlays()
  const pages = PHONE_PATHS.flatMap((wanted) => PAGES.filter((page) => page.path === wanted))
  const isElsewhere = !pages.some((page) => isWithin(path, page.path))
  return (
    <nav aria-label="Main pages" className="phone-bar">
      <ul>
        {pages.map((page) => (
          <li key={page.path}>
            <Link
              href={pageHrefFrom(path, params, page.path)}
              className="phone-link"
              prefetch={false}
              aria-current={isWithin(path, page.path) ? "page" : undefined}
            >
              <Icon name={page.icon} size={18} />
              <span>{page.word}</span>
            </Link>
          </li>
        ))}
        <li>
          <button
            type="button"
            className="phone-link"
            aria-haspopup="dialog"
            aria-current={isElsewhere ? "true" : undefined}
            onClick={() => open("more")}
          >
            <Icon name="more" size={18} />
            <span>More</span>
          </button>
        </li>
      </ul>
    </nav>
  )
}

function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" className="shrink-0" aria-hidden="true">
      <circle cx="9" cy="3.5" r="2.6" fill="var(--verified)" />
      <path d="M9 6.6 12 11.6H6z" fill="var(--unproven)" />
      <rect x="6.6" y="12.8" width="4.8" height="4.4" rx="0.8" fill="var(--halted)" />
    </svg>
  )
}
