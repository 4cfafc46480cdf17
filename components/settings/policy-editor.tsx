"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useRef, useState } from "react"
import { inProject, RequestError } from "@/components/data/http"
import { policiesQuery, savePolicy } from "@/components/data/policies"
import { useScope } from "@/components/frame/project"
import { PolicyBacktest } from "@/components/settings/policy-backtest"
import { PolicyDifference } from "@/components/settings/policy-difference"
import { asDocument, readText, toText } from "@/components/settings/policy-draft"
import { PolicyForm } from "@/components/settings/policy-form"
import { Field, FormError, Labelled, useRefusal } from "@/components/ui/field"
import { Segmented } from "@/components/ui/segmented"
import { useToast } from "@/components/ui/toast"
import type { Policy } from "@/lib/contracts/policies"

const VIEWS = [
  ["form", "Form"],
  ["file", "File"],
] as const

type PolicyEditorProps = {
  workflow: string
  policy: Policy | null
  view: "form" | "file"
  onView: (view: "form" | "file") => void
  onDone: () => void
}

/** A draft of the next version: by form or as a file, tried over the past, then saved. The text is the draft; the form writes into it. */
export function PolicyEditor({ workflow, policy, view, onView, onDone }: PolicyEditorProps) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [text, setText] = useState(() => toText(policy?.document ?? {}))
  const [base, setBase] = useState(policy)
  // A text that was not typed here draws the form anew: its boxes of lines hold what is typed in them.
  const [drawing, setDrawing] = useState(0)
  const draft = readText(text)
  const words = asDocument(draft)
  const changes = useRef<HTMLHeadingElement>(null)
  const save = useMutation({
    mutationFn: (reason: string) =>
      savePolicy(slug, { workflow, document: draft, base_version: base?.version ?? 0, reason }),
    onSuccess: ({ version }) => {
      toast({ text: `Version ${version} holds for runs that begin from now on`, tone: "ok" })
      onDone()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["policies"] }),
  })
  const refusal = save.error instanceof RequestError ? save.error : null
  const isStale = refusal?.field === "base_version"
  const isBarred = save.isPending || draft === null || isStale
  const note = useRefusal<HTMLFormElement>(save.error, ".policy-editor")
  const take = (file: string) => {
    setText(file)
    setDrawing((before) => before + 1)
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!isBarred) save.mutate(String(new FormData(event.currentTarget).get("reason") ?? ""))
  }
  /** What is there now becomes what is changed: by this draft as it is, or by nothing yet. */
  const goOn = async (isMine: boolean) => {
    const list = await client.fetchQuery({ ...policiesQuery(slug), staleTime: 0 }).catch((error: Error) => {
      toast({ text: error.message, tone: "error" })
    })
    if (!list) return
    const newest = list.items.find((item) => item.workflow === workflow)?.policy ?? null
    setBase(newest)
    if (!isMine) take(toText(newest?.document ?? {}))
    save.reset()
    // The buttons that were pressed are gone.
    changes.current?.focus()
  }
  return (
    <div className="policy-editor flex flex-col gap-4 p-4">
      <div className="flex flex-wrap items-center gap-3">
        <Segmented label="Written by" value={view} options={VIEWS} onChange={onView} />
        <Import onText={take} />
        <button type="button" className="button button-quiet ml-auto" onClick={onDone}>
          Discard
        </button>
      </div>
      {view === "file" ? (
        <FileField text={text} isReadable={draft !== null} onText={setText} />
      ) : draft === null ? (
        <p className="text-ink-11">The file is not JSON yet: mend it there first.</p>
      ) : (
        <PolicyForm
          key={drawing}
          draft={draft}
          refused={refusal?.field ?? null}
          onDraft={(next) => setText(toText(next))}
        />
      )}
      <section className="flex flex-col gap-2" aria-label="What changes">
        <h3 ref={changes} tabIndex={-1} className="self-start font-strong">
          What changes{base ? `, against version ${base.version}` : ""}
        </h3>
        {words ? (
          <PolicyDifference before={base?.document ?? null} after={words} />
        ) : (
          <p className="text-label text-ink-10">To be seen when the draft can be read.</p>
        )}
      </section>
      <PolicyBacktest workflow={workflow} document={draft} />
      <form
        method="dialog"
        ref={note}
        onSubmit={submit}
        className="flex max-w-[640px] flex-col gap-3 border-t border-line pt-4"
      >
        <Field label="Why" name="reason" hint="Kept with the version and in the audit log" />
        <FormError text={save.error?.message ?? null} />
        <div className="flex flex-wrap gap-2">
          {/* One button all the while: who saves by keyboard keeps it in focus, also when it turns into the way on. */}
          <button
            type={isStale ? "button" : "submit"}
            className="button button-primary"
            aria-disabled={isBarred && !isStale}
            onClick={isStale ? () => void goOn(true) : undefined}
          >
            {isStale ? "Set mine against it" : base ? `Save as version ${base.version + 1}` : "Save"}
          </button>
          {isStale ? (
            <button type="button" className="button" onClick={() => void goOn(false)}>
              Discard mine, take it
            </button>
          ) : null}
        </div>
      </form>
    </div>
  )
}

type FileFieldProps = { text: string; isReadable: boolean; onText: (text: string) => void }

function FileField({ text, isReadable, onText }: FileFieldProps) {
  const { slug } = useScope()
  const hint = (
    <>
      Money as a decimal in quotes, seconds in what ends in <code>_s</code>.{" "}
      <a className="link" href={inProject("/api/v1/policies/schema", slug)} target="_blank" rel="noreferrer">
        Schema
      </a>
    </>
  )
  return (
    <Labelled label="Document" hint={hint} error={isReadable ? null : "This is not an object of JSON yet."}>
      {(ties) => (
        <textarea
          {...ties}
          className="field policy-file"
          spellCheck={false}
          rows={20}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Labelled>
  )
}

const LARGEST = 64 * 1024

function Import({ onText }: { onText: (text: string) => void }) {
  const toast = useToast()
  const read = async (file: File | undefined) => {
    if (!file) return
    if (file.size > LARGEST) toast({ text: "A policy is no larger than 64 KiB; nothing was read.", tone: "error" })
    else onText(await file.text())
  }
  return (
    <label className="button button-quiet policy-import">
      Import a file
      <input
        type="file"
        accept="application/json,.json"
        className="sr-only"
        onChange={(event) => {
          void read(event.target.files?.[0])
          event.target.value = ""
        }}
      />
    </label>
  )
}
