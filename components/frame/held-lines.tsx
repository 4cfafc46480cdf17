"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { linesQuery } from "@/components/data/acts"
import { RUNS_DEFAULTS } from "@/components/data/defaults"
import { pageHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { later } from "@/components/ui/later"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { LineList } from "@/lib/contracts/acts"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { plural } from "@/lib/format"
import { whoOf } from "@/lib/who"

// Only who resumes a line loads the form.
const LineSheet = later(() => import("@/components/frame/line-sheet").then((module) => module.LineSheet))

const SHOWN = 4

/** Lines that may start no run, each with who stopped it, why, since when, and the button to let it go on. @param only one workflow's. */
export function HeldLines({ only = null }: { only?: string | null }) {
  const { slug } = useScope()
  const { data } = useQuery(linesQuery(slug))
  const held =
    data?.items.filter(({ state, workflow }) => (only === null ? state === "paused" : workflow === only)) ?? []
  if (held.length === 0) return null
  return (
    <ul className="panel held-lines" aria-label="Lines held back">
      {held.slice(0, SHOWN).map((line) => (
        <HeldLine key={line.workflow} line={line} isAlone={only !== null} />
      ))}
      {held.length > SHOWN ? (
        <li className="held-line text-ink-11">
          And {plural(held.length - SHOWN, "more paused line")}: each says so among the workflows below.
        </li>
      ) : null}
    </ul>
  )
}

/** How many lines may start no run. */
export function usePausedLines(): number {
  const { slug } = useScope()
  const { data } = useQuery(linesQuery(slug))
  return data?.items.filter(({ state }) => state === "paused").length ?? 0
}

function HeldLine({ line, isAlone }: { line: LineList["items"][number]; isAlone: boolean }) {
  const { slug, project } = useScope()
  const [isOpen, setOpen] = useState(false)
  const { workflow, state, reason, actor, since, acts } = line
  const mayAct = (project.role === "operator" || project.role === "admin") && acts.includes("resume")
  return (
    <li className="held-line">
      <LightShape light={state === "paused" ? "halted" : "alarm"} />
      <div className="held-words">
        <p>
          {isAlone ? (
            <strong>This line</strong>
          ) : (
            <Link
              className="link font-strong"
              prefetch={false}
              href={pageHref(
                "/runs",
                { ...DEFAULT_FILTERS, project: slug, dimensions: { workflow: [workflow] } },
                RUNS_DEFAULTS,
              )}
            >
              <bdi>{workflow}</bdi>
            </Link>
          )}{" "}
          {state === "paused" ? "is paused: no run may start." : "is tightened: it alarms at half of each limit."}
        </p>
        <p className="text-ink-11">
          {since === null ? null : <When at={since} isRelative />} by <bdi>{whoOf(actor ?? "andon")}</bdi>:{" "}
          <bdi>{reason}</bdi>
        </p>
      </div>
      {mayAct ? (
        <button type="button" className="button" onClick={() => setOpen(true)}>
          Resume
          <span className="sr-only"> the line {workflow}</span>
        </button>
      ) : null}
      {isOpen ? <LineSheet workflow={workflow} act="resume" close={() => setOpen(false)} /> : null}
    </li>
  )
}
