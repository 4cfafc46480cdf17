"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { actOnRun, runControlQuery } from "@/components/data/acts"
import { useScope } from "@/components/frame/project"
import { ReasonSheet } from "@/components/ui/reason-sheet"
import { useToast } from "@/components/ui/toast"
import type { RunControl } from "@/lib/contracts/acts"
import { shortenMiddle } from "@/lib/format"
import type { RunAct } from "@/lib/run-states"

const ACT_WORDS: Record<RunAct, string> = {
  halt: "Halt",
  quarantine: "Quarantine",
  release: "Release",
  reject: "Reject",
}

const ACT_SAYS: Record<RunAct, string> = {
  halt: "The runner is told to stop before its next step. A halted run is never resumed, only run anew. If it claims success all the same, its output is quarantined.",
  quarantine: "The gate of this run answers “do not use” until somebody releases or rejects it.",
  release: "The gate opens: downstream jobs may use what this run made, under your name. Its proof stays as it is.",
  reject: "The gate stays shut for good. The run keeps its cost and its trace.",
}

const ACTED: Record<RunAct, string> = {
  halt: "The runner is told to halt.",
  quarantine: "Quarantined.",
  release: "Released.",
  reject: "Rejected.",
}

/** What may be done about a run now, each act with its reason; nothing for who may only look. */
export function RunActs({ control }: { control: RunControl }) {
  const { project, slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [open, setOpen] = useState<RunAct | null>(null)
  const mutation = useMutation({
    mutationFn: ({ act, reason }: { act: RunAct; reason: string }) =>
      actOnRun(slug, control.run, { act, reason, version: control.version }),
    onSuccess: (now, { act }) => {
      client.setQueryData(runControlQuery(slug, control.run).queryKey, now)
      setOpen(null)
      toast({ text: ACTED[act], tone: "ok" })
    },
    onError: (error) => toast({ text: error.message, tone: "error" }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["run", slug, control.run] })
      void client.invalidateQueries({ queryKey: ["halts"] })
    },
  })
  if ((project.role !== "operator" && project.role !== "admin") || control.acts.length === 0) return null
  return (
    <div className="run-acts">
      {control.acts.map((act) => (
        <button
          key={act}
          type="button"
          className={`button ${act === "halt" || act === "reject" ? "button-danger" : ""}`}
          onClick={() => setOpen(act)}
        >
          {ACT_WORDS[act]}
        </button>
      ))}
      {open ? (
        <ReasonSheet
          title={`${ACT_WORDS[open]} this run`}
          says={ACT_SAYS[open]}
          hint="Why. Everybody who looks at the run reads it."
          word={ACT_WORDS[open]}
          isDangerous={open === "halt" || open === "reject"}
          isPending={mutation.isPending}
          close={() => setOpen(null)}
          act={(reason) => {
            if (!mutation.isPending) mutation.mutate({ act: open, reason })
          }}
        />
      ) : null}
    </div>
  )
}

/** The same where the run is only spoken of: its page and its exception. */
export function RunActsOf({ run }: { run: string }) {
  const { slug, project } = useScope()
  const { data } = useQuery(runControlQuery(slug, run))
  const mayAct = project.role === "operator" || project.role === "admin"
  if (!data || !mayAct || data.acts.length === 0) return null
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-label text-ink-11">Run {shortenMiddle(run, 22)}</span>
      <RunActs control={data} />
    </div>
  )
}
