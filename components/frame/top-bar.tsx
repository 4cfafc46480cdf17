"use client"

import { usePathname, useRouter, useSearchParams } from "next/navigation"
import { withQuery } from "@/components/data/http"
import { useLive } from "@/components/data/live"
import { DemoMark } from "@/components/frame/demo-mark"
import { logOut } from "@/components/frame/log-out"
import { useOverlays } from "@/components/frame/overlays"
import { useScope } from "@/components/frame/project"
import { RangePicker } from "@/components/frame/range-picker"
import { ThemeSwitch } from "@/components/frame/theme-switch"
import { useClock } from "@/components/ui/clock"
import { Icon } from "@/components/ui/icon"
import { later } from "@/components/ui/later"
import { Popover } from "@/components/ui/popover"
import { useToast } from "@/components/ui/toast"
import { formatClock, formatExact } from "@/lib/format"

const ViewsMenu = later(() => import("@/components/frame/views-menu").then((module) => module.ViewsMenu))

export function TopBar() {
  return (
    <header className="top-bar">
      <ProjectSwitch />
      <DemoMark />
      <RangePicker />
      <div className="top-bar-end">
        <SearchButton />
        <Popover
          label="Saved views"
          align="end"
          className="max-md:hidden"
          buttonClass="icon-button"
          summary={<Icon name="saved" />}
        >
          {(close) => (
            <div className="w-80">
              <ViewsMenu close={close} />
            </div>
          )}
        </Popover>
        <LiveDot />
        <span className="max-md:hidden">
          <ThemeSwitch />
        </span>
        <Account />
      </div>
    </header>
  )
}

function ProjectSwitch() {
  const { project, projects } = useScope()
  const path = usePathname()
  const params = useSearchParams()
  const router = useRouter()
  if (projects.length === 1) return <span className="project-name">{project.name}</span>
  return (
    <select
      aria-label="Project"
      className="field project-name"
      value={project.slug}
      onChange={(event) => {
        // A run or an exception belongs to one project: switching from it leads to its list. Range and zone of the reader stay.
        const page = path.split("/").slice(0, 2).join("/")
        const kept = new URLSearchParams({ project: event.target.value })
        for (const name of page === path ? ["last", "from", "to", "tz"] : ["tz"]) {
          const value = params.get(name)
          if (value) kept.set(name, value)
        }
        kept.sort()
        router.push(withQuery(page, kept.toString()))
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

function SearchButton() {
  const { open } = useOverlays()
  return (
    <button
      type="button"
      className="search-button"
      aria-label="Search"
      aria-haspopup="dialog"
      title="Search ( / or ⌘K )"
      onClick={() => open("search")}
    >
      <Icon name="search" size={14} />
      <span className="search-word">Search</span>
      <kbd className="kbd search-key">/</kbd>
    </button>
  )
}

function LiveDot() {
  const { connection, heardAt } = useLive()
  const { now, zone } = useClock()
  const isLive = connection !== "lost"
  const at = new Date(isLive ? now : (heardAt ?? now)).toISOString()
  const word = isLive ? "as of" : "not live, as of"
  return (
    <span
      className={isLive ? "live-dot text-ink-10" : "live-dot text-alarm"}
      title={`${connection === "live" ? "Live" : connection === "lost" ? "Not live; it tries again by itself" : "Connecting"}: ${formatExact(at, zone)}`}
    >
      <svg width="8" height="8" viewBox="0 0 8 8" className="shrink-0" aria-hidden="true">
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
      <span className="max-lg:sr-only">
        {word} {formatClock(at, zone)}
      </span>
      {/* Said when it changes, not with every tick of the clock. */}
      <span role="status" className="sr-only">
        {isLive ? "" : "The page is no longer live."}
      </span>
    </span>
  )
}

function Account() {
  const { viewer } = useScope()
  const { open } = useOverlays()
  const toast = useToast()
  return (
    <Popover
      label={`Account of ${viewer.name}`}
      align="end"
      className="max-md:hidden"
      buttonClass="icon-button"
      summary={
        <span aria-hidden="true" className="font-strong">
          {[...viewer.name][0]?.toUpperCase() ?? "?"}
        </span>
      }
    >
      {(close) => (
        <div className="w-56">
          <p className="border-b border-line p-3 text-label text-ink-11 break-words">
            <strong className="text-ink-12">{viewer.name}</strong>
            <br />
            {viewer.email}
          </p>
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              close()
              open("keys")
            }}
          >
            Keys <kbd className="kbd">?</kbd>
          </button>
          <button
            type="button"
            className="menu-item"
            onClick={() => void logOut().catch((error: Error) => toast({ text: error.message, tone: "error" }))}
          >
            Log out
          </button>
        </div>
      )}
    </Popover>
  )
}
