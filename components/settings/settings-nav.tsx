"use client"

import { usePathname, useRouter } from "next/navigation"
import { inProject } from "@/components/data/http"
import { useScope } from "@/components/frame/project"
import { Link } from "@/components/ui/link"

const TABS = [
  { path: "/settings", word: "Project", isForAdmins: false },
  { path: "/settings/keys", word: "Keys", isForAdmins: true },
  { path: "/settings/members", word: "Members", isForAdmins: true },
  { path: "/settings/prices", word: "Prices", isForAdmins: false },
  { path: "/settings/budgets", word: "Budgets", isForAdmins: false },
  { path: "/settings/alerts", word: "Alerts", isForAdmins: true },
  { path: "/settings/policies", word: "Policies", isForAdmins: false },
  { path: "/settings/ledger", word: "Ledger", isForAdmins: false },
  { path: "/settings/quality", word: "Data quality", isForAdmins: false },
  { path: "/settings/ingest", word: "Warnings", isForAdmins: false },
  { path: "/settings/audit", word: "Audit", isForAdmins: false },
  { path: "/settings/demo", word: "Demo data", isForAdmins: true },
  { path: "/settings/account", word: "Account", isForAdmins: false },
]

/** Every page of the settings in sight: side by side at a desk, one native list on a phone. */
export function SettingsNav() {
  const path = usePathname()
  const router = useRouter()
  const { slug, project } = useScope()
  const tabs = TABS.filter((tab) => !tab.isForAdmins || project.role === "admin")
  return (
    <nav aria-label="Settings">
      <label className="settings-list">
        <span>Settings</span>
        <select
          // What was chosen stays chosen while its page is on the way.
          key={path}
          className="field"
          defaultValue={path}
          onChange={(event) => router.push(inProject(event.target.value, slug))}
        >
          {tabs.map((tab) => (
            <option key={tab.path} value={tab.path}>
              {tab.word}
            </option>
          ))}
        </select>
      </label>
      <ul className="settings-tabs">
        {tabs.map((tab) => (
          <li key={tab.path}>
            <Link href={inProject(tab.path, slug)} aria-current={path === tab.path ? "page" : undefined}>
              {tab.word}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
