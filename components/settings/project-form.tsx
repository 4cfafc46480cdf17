"use client"

import { useMutation } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import type { FormEvent } from "react"
import { RequestError } from "@/components/data/http"
import { changeProject, createProject } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { Field, FormError } from "@/components/ui/field"

type ProjectFormProps = { name: string; zone: string; prefersReportedCost: boolean; zones: readonly string[] }

/** Name, reporting zone, and which cost wins; only an admin changes them, everybody sees them. */
export function ProjectForm({ name, zone, prefersReportedCost, zones }: ProjectFormProps) {
  const { project } = useScope()
  const router = useRouter()
  const isAdmin = project.role === "admin"
  const save = useMutation({
    mutationFn: (form: FormData) =>
      changeProject(project.slug, {
        name: String(form.get("name")),
        zone: String(form.get("zone")),
        prefers_reported_cost: form.get("reported") === "on",
      }),
    onSuccess: () => router.refresh(),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    save.mutate(new FormData(event.currentTarget))
  }
  const refused = (field: string) =>
    save.error instanceof RequestError && save.error.field === field ? save.error.message : null
  return (
    <form method="dialog" onSubmit={submit} className="panel flex max-w-[560px] flex-col gap-4 p-5">
      <h1 className="text-title">Project</h1>
      <fieldset disabled={!isAdmin} className="flex flex-col gap-4">
        <Field label="Name" name="name" defaultValue={name} error={refused("name")} />
        <Field
          label="Reporting zone"
          name="zone"
          defaultValue={zone}
          list="zones"
          error={refused("zone")}
          hint="Days and months of every figure are cut in this zone. Changing it recounts the days."
        />
        <datalist id="zones">
          {zones.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <label className="flex items-start gap-2">
          <input type="checkbox" name="reported" defaultChecked={prefersReportedCost} className="mt-1" />
          <span>
            A cost that the source reports wins over ours
            <span className="block text-label text-ink-11">
              For events from now on. Both are kept, whichever counts.
            </span>
          </span>
        </label>
      </fieldset>
      <FormError text={save.error && !refused("name") && !refused("zone") ? save.error.message : null} />
      <div className="flex items-center gap-3">
        {isAdmin ? (
          <button type="submit" className="button button-primary" disabled={save.isPending}>
            {save.isPending ? "Saving" : "Save"}
          </button>
        ) : (
          <p className="text-label text-ink-11">Only an admin changes these.</p>
        )}
        <span role="status" className="text-label text-ink-11">
          {save.isSuccess ? "Saved." : ""}
        </span>
      </div>
    </form>
  )
}

/** A second project is another tenant: its own keys, members, figures. */
export function NewProjectForm({ zone }: { zone: string }) {
  const { viewer } = useScope()
  const make = useMutation({
    mutationFn: (form: FormData) =>
      createProject({ name: String(form.get("new-name")), zone: String(form.get("new-zone")) }),
    onSuccess: (made) => window.location.assign(`/?project=${encodeURIComponent(made.slug)}`),
  })
  if (!viewer.isAdmin) return null
  return (
    <form
      method="dialog"
      className="panel flex max-w-[560px] flex-col gap-4 p-5"
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate(new FormData(event.currentTarget))
      }}
    >
      <h2 className="text-title">Another project</h2>
      <Field label="Name" name="new-name" hint="Keys, members and figures of a project are its own." />
      <Field label="Reporting zone" name="new-zone" defaultValue={zone} list="zones" />
      <FormError text={make.error?.message ?? null} />
      <div>
        <button type="submit" className="button" disabled={make.isPending}>
          Create the project
        </button>
      </div>
    </form>
  )
}
