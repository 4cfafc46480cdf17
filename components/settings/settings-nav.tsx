"use client"

import Link from "next/link"
import { usePathname } from "next/navigation"
import { useEffect, useRef } from "react"
import { withQuery } from "@/components/data/http"
import { useScope } from "@/components/frame/project"

const TABS = [
  { path: "/settings", word: "Project", isForAdmins: false },
  { path: "/settings/keys", word: "Ingest keys", isForAdmins: true },
  { path: "/settings/members", word: "Members", isForAdmins: true },
  { path: "/settings/prices", word: "Prices", isForAdmins: false },
  { path: "/settings/budgets", word: "Budgets", isForAdmins: false },
  { path: "/settings/policies", word: "Policies", isForAdmins: false },
  { path: "/settings/ledger", word: "Ledger", isForAdmins: false },
  { path: "/settings/quality", word: "Data quality", isForAdmins: false },
  { path: "/settings/ingest", word: "Ingest warnings", isForAdmins: false },
  { path: "/settings/audit", word: "Audit log", isForAdmins: false },
  { path: "/settings/demo", word: "Demo data", isForAdmins: true },
  { path: "/settings/account", word: "Your account", isForAdmins: false },
]

export function SettingsNav() {
  const path = usePathname()
  const { slug, project } = useScope()
  const query = slug === null ? "" : new URLSearchParams({ project: slug }).toString()
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    // On a phone the list is wider than the screen: where one is must be in sight.
    list.current
      ?.querySelector(`a[href^="${path}"][aria-current]`)
      ?.scrollIntoView({ inline: "center", block: "nearest" })
  }, [path])
  return (
    <nav ref={list} aria-label="Settings" className="max-w-full overflow-x-auto">
      <ul className="segments">
        {TABS.filter((tab) => !tab.isForAdmins || project.role === "admin").map((tab) => (
          <li key={tab.path}>
            <Link
              href={withQuery(tab.path, query)}
              aria-current={path === tab.path ? "page" : undefined}
              className="flex min-h-8 items-center"
            >
              {tab.word}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
