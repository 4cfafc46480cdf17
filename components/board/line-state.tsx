"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { actOnLine, lineQuery, linesQuery } from "@/components/data/acts"
import { useScope } from "@/components/frame/project"
import { useClock } from "@/components/ui/clock"
import { LightShape } from "@/components/ui/light"
import { ReasonSheet } from "@/components/ui/reason-sheet"
import { useToast } from "@/components/ui/toast"
import { formatExact } from "@/lib/format"
import { type LineAct, RESUME_CHECKLIST, RESUME_CHECKS } from "@/lib/run-states"

const WORDS: Record<LineAct, string> = { pause: "Pause", resume: "Resume", tighten: "Tighten" }
const SAID: Record<LineAct, string> = {
  pause: "The line is paused.",
  resume: "The line is live.",
  tighten: "The line is tightened.",
}

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
          title={`Since ${formatExact(line.since ?? "", zone)}, by ${(line.actor ?? "").replace(/^user:/, "")}: ${line.reason}`}
        >
          <LightShape light={state === "paused" ? "halted" : "alarm"} size={12} />
          {state}
        </span>
      ) : null}
      {mayAct ? (
        <button type="button" className="link line-act" data-state={state} onClick={() => setOpen(act)}>
          {WORDS[act]}
          <span className="sr-only"> the line {workflow}</span>
        </button>
      ) : null}
      {open ? <LineSheet workflow={workflow} act={open} close={() => setOpen(null)} /> : null}
    </>
  )
}

function LineSheet({ workflow, act, close }: { workflow: string; act: LineAct; close: () => void }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const { data: line } = useQuery({ ...lineQuery(slug, workflow), staleTime: 0 })
  const needsChecks = act === "resume" && line?.state === "paused"
  const mutation = useMutation({
    mutationFn: (reason: string) =>
      actOnLine(slug, workflow, {
        act,
        reason,
        version: line?.version ?? 0,
        ...(needsChecks ? { checked: RESUME_CHECKS } : {}),
      }),
    onSuccess: (now) => {
      client.setQueryData(lineQuery(slug, workflow).queryKey, now)
      toast({ text: SAID[act], tone: "ok" })
      close()
    },
    onError: (error) => toast({ text: error.message, tone: "error" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  })
  return (
    <ReasonSheet
      title={`${WORDS[act]} ${workflow}`}
      says={
        act === "pause"
          ? "Its gate tells schedulers and clients to start no run. Runs under way go on: halt them one by one."
          : line?.reason
            ? `It is ${line.state}: ${line.reason}. From now on runs may start.`
            : "From now on runs may start."
      }
      hint="Why. Everybody who looks at the line reads it."
      word={WORDS[act]}
      isDangerous={act === "pause"}
      isPending={mutation.isPending || line === undefined}
      close={close}
      act={(reason) => {
        if (line && !mutation.isPending) mutation.mutate(reason)
      }}
    >
      {needsChecks ? (
        <fieldset className="flex flex-col">
          <legend className="text-label text-ink-11">Before it starts again</legend>
          {RESUME_CHECKS.map((check) => (
            <label key={check} className="cause">
              <input type="checkbox" name={check} required />
              {RESUME_CHECKLIST[check]}
            </label>
          ))}
        </fieldset>
      ) : null}
    </ReasonSheet>
  )
}
