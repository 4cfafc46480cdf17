"use client"

import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { linesQuery } from "@/components/data/acts"
import { LINE_WORDS } from "@/components/frame/line-words"
import { useScope } from "@/components/frame/project"
import { useClock } from "@/components/ui/clock"
import { later } from "@/components/ui/later"
import { LightShape } from "@/components/ui/light"
import { formatExact } from "@/lib/format"
import type { LineAct } from "@/lib/run-states"
import { whoOf } from "@/lib/who"

// Only who acts on a line loads the form.
const LineSheet = later(() => import("@/components/frame/line-sheet").then((module) => module.LineSheet))

/** Whether the line of a workflow may start runs, and the button that changes it. */
export function LineState({ workflow }: { workflow: string }) {
  const { slug, project } = useScope()
  const { zone } = useClock()
  const { data } = useQuery(linesQuery(slug))
  const [open, setOpen] = useState<LineAct | null>(null)
  const line = data?.items.find((one) => one.workflow === workflow)
  const state = line?.state ?? "live"
  const mayAct = project.role === "operator" || project.role === "admin"
  const act: LineAct = state === "live" ? "pause" : "resume"
  return (
    <>
      {line ? (
        <span
          className="line-state"
          title={`Since ${formatExact(line.since ?? "", zone)}, by ${whoOf(line.actor ?? "")}: ${line.reason}`}
        >
          <LightShape light={state === "paused" ? "halted" : "alarm"} size={12} />
          {state}
        </span>
      ) : null}
      {mayAct ? (
        <button type="button" className="link line-act" data-state={state} onClick={() => setOpen(act)}>
          {LINE_WORDS[act]}
          <span className="sr-only"> the line {workflow}</span>
        </button>
      ) : null}
      {open ? <LineSheet workflow={workflow} act={open} close={() => setOpen(null)} /> : null}
    </>
  )
}
