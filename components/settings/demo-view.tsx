"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { type FormEvent, useEffect, useRef } from "react"
import { inProject } from "@/components/data/http"
import { cancelDemo, demoQuery, makeDemo, removeDemo } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { JobLine } from "@/components/settings/job-line"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { FormError, Select } from "@/components/ui/field"
import { Count, When } from "@/components/ui/figures"
import { Panel } from "@/components/ui/panel"
import type { DemoState } from "@/lib/contracts/settings"
import { formatCount, plural } from "@/lib/format"

const SIZES = [
  ["0.1", "small: about 1,200 runs, under a minute"],
  ["1", "whole: about 12,000 runs, some minutes"],
] as const

/** A project to look around in, made and removed without a trace in any other. */
export function DemoView() {
  const client = useQueryClient()
  const demo = useQuery(demoQuery())
  const take = (state: DemoState) => client.setQueryData(demoQuery().queryKey, state)
  const refresh = () => client.invalidateQueries({ queryKey: demoQuery().queryKey })
  const make = useMutation({ mutationFn: makeDemo, onSuccess: take, onError: refresh })
  const cancel = useMutation({ mutationFn: cancelDemo, onSuccess: take, onError: refresh })
  const remove = useMutation({ mutationFn: removeDemo, onSuccess: take, onError: refresh })
  const job = demo.data?.job ?? null
  const isBusy = job?.state === "running" || make.isPending || remove.isPending
  useLeaveWhenGone(demo.data)
  const error = make.error ?? remove.error ?? cancel.error
  return (
    <>
      <h1 className="text-title">{demo.data ? sentence(demo.data) : "Demo data"}</h1>
      <FormError text={error?.message ?? null} />
      <Panel title="Demo data" query={demo} minHeight={260}>
        {(state) => (
          <div className="flex flex-col gap-4 p-4">
            <p className="max-w-[640px] text-ink-11">
              Ninety days of four teams at work: growth, releases, a regression, a price change, halts, unproven runs,
              waste. It goes into a project of its own, marked wherever it is shown, and comes out again with every row.
            </p>
            {job ? (
              <JobLine job={job} unit={job.title.startsWith("Making") ? "events" : "steps"}>
                {job.title.startsWith("Making") ? (
                  <button
                    type="button"
                    className="button button-quiet"
                    disabled={cancel.isPending}
                    onClick={() => cancel.mutate()}
                  >
                    Stop
                  </button>
                ) : null}
              </JobLine>
            ) : null}
            <Projects state={state} isBusy={isBusy} remove={(slug) => remove.mutate(slug)} />
            {state.projects.some(({ slug }) => /^demo(-\d+)?$/.test(slug)) ? null : (
              <MakeForm isBusy={isBusy} make={(scale) => make.mutate(scale)} />
            )}
          </div>
        )}
      </Panel>
    </>
  )
}

function sentence({ projects }: DemoState): string {
  if (projects.length === 0) return "There is no demo data here."
  const events = projects.reduce((sum, project) => sum + project.events, 0)
  return `${plural(projects.length, "demo project")} with ${plural(events, "event")}.`
}

/** When the project that the page stands in was removed, there is nothing here to stand in; and the list of projects is the frame's. */
function useLeaveWhenGone(state: DemoState | undefined): void {
  const { slug } = useScope()
  const router = useRouter()
  const count = state?.projects.length
  const known = useRef(count)
  const isGone = slug !== null && known.current !== undefined && state !== undefined && wasHere(slug, state) === "gone"
  useEffect(() => {
    if (isGone) return window.location.assign("/")
    if (count !== undefined && known.current !== undefined && count !== known.current) router.refresh()
    known.current = count
  }, [count, isGone, router])
}

function wasHere(slug: string, { job, projects }: DemoState): "gone" | "here" {
  const isRemoved = job?.state === "done" && job.title === `Removing ${slug}`
  return isRemoved && !projects.some((project) => project.slug === slug) ? "gone" : "here"
}

type ProjectsProps = { state: DemoState; isBusy: boolean; remove: (slug: string) => void }

function Projects({ state, isBusy, remove }: ProjectsProps) {
  if (state.projects.length === 0) return null
  return (
    <ul className="flex flex-col border-t border-line">
      {state.projects.map(({ slug, name, events, own_events: own, created_at }) => (
        <li key={slug} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
          <a className="link min-w-0 break-words font-strong" href={inProject("/", slug)}>
            {name}
          </a>
          <span className="text-label text-ink-11">
            <Count value={events} /> events, made <When at={created_at} isRelative />
          </span>
          {own > 0 ? (
            <span className="text-label text-alarm">
              <Count value={own} /> of them were sent with keys
            </span>
          ) : null}
          <span className="ml-auto">
            <ConfirmButton
              word="Remove"
              question={`Remove ${name} with all its events, runs, figures, prices and keys?${own > 0 ? ` ${formatCount(own)} events that were sent with keys go too.` : ""} It cannot be taken back.`}
              act={() => remove(slug)}
              isDisabled={isBusy}
              isDangerous
            />
          </span>
        </li>
      ))}
    </ul>
  )
}

function MakeForm({ isBusy, make }: { isBusy: boolean; make: (scale: number) => void }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    make(Number(new FormData(event.currentTarget).get("scale")))
  }
  return (
    <form method="dialog" onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Select label="Size" name="scale" value="0.1" options={SIZES} />
      <button type="submit" className="button button-primary" disabled={isBusy}>
        Make demo data
      </button>
    </form>
  )
}
