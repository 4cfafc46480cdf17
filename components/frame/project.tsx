"use client"

import { useSearchParams } from "next/navigation"
import { createContext, type ReactNode, useContext, useMemo } from "react"
import { ClockProvider } from "@/components/ui/clock"
import { isZone } from "@/lib/time"
import type { Role } from "@/lib/vocabulary"

/** What the browser knows of a project. */
export type ProjectSummary = {
  slug: string
  name: string
  zone: string
  currency: string
  role: Role
  /** Its data is made up. */
  isDemo: boolean
}
export type Viewer = { name: string; email: string; isAdmin: boolean }

type Scope = {
  project: ProjectSummary
  projects: readonly ProjectSummary[]
  viewer: Viewer
  /** The slug as the address names it; null where the address leaves it to the first project. */
  slug: string | null
}
const ScopeContext = createContext<Scope | null>(null)

type ProjectProviderProps = { projects: readonly ProjectSummary[]; viewer: Viewer; now: number; children: ReactNode }

/** The project and zone of the page, read from its address. A foreign slug never comes here: the page has answered 404. */
export function ProjectProvider({ projects, viewer, now, children }: ProjectProviderProps) {
  const params = useSearchParams()
  const named = params.get("project")
  const asked = params.get("tz")
  const found = projects.find((candidate) => candidate.slug === named)
  const slug = found ? found.slug : null
  const project = found ?? projects[0]
  const scope = useMemo(() => (project ? { project, projects, viewer, slug } : null), [project, projects, viewer, slug])
  return (
    <ScopeContext value={scope}>
      <ClockProvider now={now} zone={asked && isZone(asked) ? asked : (project?.zone ?? "UTC")}>
        {children}
      </ClockProvider>
    </ScopeContext>
  )
}

/** @throws Error outside of a project's page. */
export function useScope(): Scope {
  const scope = useContext(ScopeContext)
  if (!scope) throw new Error("no project: the page stands outside of ProjectProvider")
  return scope
}
