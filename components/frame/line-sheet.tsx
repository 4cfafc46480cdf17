"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { actOnLine, lineQuery, linesQuery } from "@/components/data/acts"
import { LINE_WORDS } from "@/components/frame/line-words"
import { useScope } from "@/components/frame/project"
import { ReasonSheet } from "@/components/ui/reason-sheet"
import { useToast } from "@/components/ui/toast"
import { type LineAct, RESUME_CHECKLIST, RESUME_CHECKS } from "@/lib/run-states"

const SAID: Record<LineAct, string> = {
  pause: "The line is paused.",
  resume: "The line is live.",
  tighten: "The line is tightened.",
}

/** Asks why a line is stopped or let go, in the version that is on the page. */
export function LineSheet({ workflow, act, close }: { workflow: string; act: LineAct; close: () => void }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const { data: line } = useQuery({ ...lineQuery(slug, workflow), staleTime: 0 })
  // What the page knows of it already is shown at once, so that the form keeps its shape; the act waits for the version of now.
  const { data: held } = useQuery(linesQuery(slug))
  const known = line ?? held?.items.find((one) => one.workflow === workflow)
  const needsChecks = act === "resume" && known?.state === "paused"
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
      title={`${LINE_WORDS[act]} ${workflow}`}
      says={
        act === "pause"
          ? "Its gate tells schedulers and clients to start no run. Runs under way go on: halt them one by one."
          : known?.reason
            ? `It is ${known.state}: ${known.reason.replace(/[.\s]+$/, "")}. From now on runs may start.`
            : "From now on runs may start."
      }
      hint="Why. Everybody who looks at the line reads it."
      word={LINE_WORDS[act]}
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
