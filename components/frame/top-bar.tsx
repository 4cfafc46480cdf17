"use client"

import { usePathname, useRouter } from "next/navigation"
import { sendJson, withQuery } from "@/components/data/http"
import { useLive } from "@/components/data/live"
import { useScope } from "@/components/frame/project"
import { RangePicker } from "@/components/frame/range-picker"
import type { Theme } from "@/components/frame/theme"
import { ThemeSwitch } from "@/components/frame/theme-switch"
import { useClock } from "@/components/ui/clock"
import { formatClock, formatExact } from "@/lib/format"

export function TopBar({ theme }: { theme: Theme }) {
  return (
    <header className="top-bar">
      <ProjectSwitch />
      <RangePicker />
      <div className="ml-auto flex items-center gap-1 md:gap-3">
        <LiveDot />
        <ThemeSwitch initial={theme} />
        <Account />
      </div>
    </header>
  )
}

function ProjectSwitch() {
  const { project, projects } = useScope()
  const path = usePathname()
  const router = useRouter()
  if (projects.length === 1) return <span className="truncate text-body font-strong">{project.name}</span>
  return (
    <select
      aria-label="Project"
      className="field min-w-0 max-w-64 shrink font-strong"
      value={project.slug}
      onChange={(event) => {
        // A run belongs to one project: switching from its trace leads to the list.
        const page = path.startsWith("/runs/") ? "/runs" : path
        router.push(withQuery(page, new URLSearchParams({ project: event.target.value }).toString()))
      }}
    >
      {projects.map(({ slug, name }) => (
        <option key={slug} value={slug}>
          {name}
        </option>
      ))}
    </select>
  )
}

function LiveDot() {
  const { connection, heardAt } = useLive()
  const { now, zone } = useClock()
  const isLive = connection !== "lost"
  const at = new Date(isLive ? now : (heardAt ?? now)).toISOString()
  return (
    <span className="flex items-center gap-2 text-label text-ink-10" title={`${formatExact(at, zone)}`} role="status">
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true">
        {connection === "live" ? (
          <circle cx="4" cy="4" r="4" fill="var(--verified)" />
        ) : (
          <circle
            cx="4"
            cy="4"
            r="3.25"
            fill="none"
            stroke={isLive ? "var(--ink-9)" : "var(--alarm)"}
            strokeWidth="1.5"
          />
        )}
      </svg>
      <span className="max-md:sr-only">
        {isLive ? "as of" : "not live, as of"} {formatClock(at, zone)}
      </span>
      <span className="max-lg:hidden">{zone}</span>
    </span>
  )
}

function Account() {
  const { viewer } = useScope()
  const logout = async () => {
    await sendJson("POST", "/api/auth/logout")
    // A full load: nothing that was fetched for this person stays in memory.
    window.location.assign("/login")
  }
  return (
    <details className="popover">
      <summary className="button button-quiet" aria-label={`Account of ${viewer.name}`}>
        <span aria-hidden="true">{[...viewer.name][0]?.toUpperCase() ?? "?"}</span>
      </summary>
      <div className="popover-box right-0 w-56">
        <p className="border-b border-line p-3 text-label text-ink-11 break-words">
          <strong className="text-ink-12">{viewer.name}</strong>
          <br />
          {viewer.email}
        </p>
        <button type="button" className="menu-item" onClick={() => void logout()}>
          Log out
        </button>
      </div>
    </details>
  )
}
