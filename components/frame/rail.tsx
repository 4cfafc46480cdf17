"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { withQuery } from "@/components/data/http"
import { isWithin, PAGES } from "@/components/frame/pages"
import { useScope } from "@/components/frame/project"
import { Icon } from "@/components/ui/icon"

/** The way to each page: a rail at the left, a bar at the bottom of a phone. */
export function Rail() {
  const path = usePathname()
  const { slug } = useScope()
  const query = slug === null ? "" : new URLSearchParams({ project: slug }).toString()
  return (
    <nav aria-label="Pages" className="rail">
      <Link href={withQuery("/", query)} className="rail-brand" prefetch={false}>
        <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
          <circle cx="9" cy="3.5" r="2.6" fill="var(--verified)" />
          <path d="M9 6.6 12 11.6H6z" fill="var(--unproven)" />
          <rect x="6.6" y="12.8" width="4.8" height="4.4" rx="0.8" fill="var(--halted)" />
        </svg>
        <span>Andon</span>
      </Link>
      <ul>
        {PAGES.map((page) => (
          <li key={page.path}>
            <Link
              href={withQuery(page.path, query)}
              className="rail-link"
              aria-current={isWithin(path, page.path) ? "page" : undefined}
            >
              <Icon name={page.icon} />
              <span>{page.word}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
