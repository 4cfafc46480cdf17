"use client"

import { QueryClientProvider } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { LiveProvider } from "@/components/data/live"
import { makeQueryClient } from "@/components/data/query-client"
import { Keys } from "@/components/frame/keys"
import { OverlayProvider } from "@/components/frame/overlays"
import { ProjectProvider, type ProjectSummary, useScope, type Viewer } from "@/components/frame/project"
import { PhoneBar, Rail } from "@/components/frame/rail"
import type { Theme } from "@/components/frame/theme"
import { ThemeProvider } from "@/components/frame/theme-switch"
import { TopBar } from "@/components/frame/top-bar"
import { ToastProvider } from "@/components/ui/toast"

type FrameProps = {
  projects: readonly ProjectSummary[]
  viewer: Viewer
  /** Plain http beyond this machine, allowed on purpose. */
  isInsecure: boolean
  theme: Theme
  isRailFolded: boolean
  now: number
  children: ReactNode
}

/** Rail, top bar and what all pages share in the browser: one query client, one live stream, one clock. */
export function Frame({ projects, viewer, isInsecure, theme, isRailFolded, now, children }: FrameProps) {
  const [client] = useState(() => makeQueryClient())
  return (
    <QueryClientProvider client={client}>
      <ProjectProvider projects={projects} viewer={viewer} now={now}>
        <a href="#content" className="skip button">
          Skip to content
        </a>
        {isInsecure ? (
          <p className="banner" role="alert">
            This address is plain http: passwords and data cross the network unprotected.
          </p>
        ) : null}
        {projects.length === 0 ? (
          <main id="content" className="content">
            <h1 className="text-title">You are not a member of any project</h1>
            <p className="text-ink-11">An admin can add you under Settings, Members.</p>
          </main>
        ) : (
          <Live since={now}>
            <ThemeProvider initial={theme}>
              <ToastProvider>
                <OverlayProvider>
                  <div className="frame">
                    <Rail isFolded={isRailFolded} />
                    <div className="min-w-0">
                      <TopBar />
                      <main id="content" className="content" tabIndex={-1}>
                        {children}
                      </main>
                    </div>
                    <PhoneBar />
                  </div>
                  <Keys />
                </OverlayProvider>
              </ToastProvider>
            </ThemeProvider>
          </Live>
        )}
      </ProjectProvider>
    </QueryClientProvider>
  )
}

function Live({ since, children }: { since: number; children: ReactNode }) {
  const { project } = useScope()
  return (
    <LiveProvider project={project.slug} since={since}>
      {children}
    </LiveProvider>
  )
}
