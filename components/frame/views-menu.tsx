"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { usePathname, useSearchParams } from "next/navigation"
import { type FormEvent, useState } from "react"
import { changeView, deleteView, saveView, type ViewDraft, viewQueryOf, viewsQuery } from "@/components/data/views"
import { viewOption } from "@/components/frame/palette-options"
import { useScope } from "@/components/frame/project"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { useToast } from "@/components/ui/toast"
import type { SavedView, SavedViewChange } from "@/lib/contracts/views"

/** A run or a detail is a place, not a view: nothing of it would still be there next month. */
const VIEWABLE = /^\/(?:[a-z][a-z0-9-]*)?(?:\/(?:spans|compare))?$/

/** Saved views of the project: open, save the page as it is, rename, share, delete. */
export function ViewsMenu({ close }: { close: () => void }) {
  const { slug, project } = useScope()
  const path = usePathname()
  const params = useSearchParams()
  const toast = useToast()
  const client = useQueryClient()
  const views = useQuery(viewsQuery(slug))
  const [editing, setEditing] = useState<number | null>(null)
  const refresh = () => client.invalidateQueries({ queryKey: ["views"] })
  const refused = (error: Error) => toast({ text: error.message, tone: "error" })
  const save = useMutation({
    mutationFn: (draft: ViewDraft) => saveView(slug, draft),
    onSuccess: (view) => toast({ text: `Saved "${view.name}"` }),
    onError: refused,
    onSettled: refresh,
  })
  const change = useMutation({
    mutationFn: ({ id, ...fields }: SavedViewChange & { id: number }) => changeView(slug, id, fields),
    onSuccess: () => setEditing(null),
    onError: refused,
    onSettled: refresh,
  })
  const remove = useMutation({
    mutationFn: (view: SavedView) => deleteView(slug, view.id),
    onSuccess: (_, view) => toast({ text: `Deleted "${view.name}"`, action: { word: "Undo", act: () => again(view) } }),
    onError: refused,
    onSettled: refresh,
  })
  const again = ({ name, path, query, is_shared }: SavedView) => save.mutate({ name, path, query, is_shared })
  const query = viewQueryOf(new URLSearchParams(params))
  const mayShare = project.role === "operator" || project.role === "admin"
  return (
    <div className="flex w-full flex-col">
      {views.error && !views.data ? (
        <p role="alert" className="p-3 text-table text-ink-11">
          Saved views could not be read. {views.error.message}
        </p>
      ) : (
        <ul className="menu max-h-80 overflow-y-auto" aria-label="Saved views" aria-busy={views.isFetching}>
          {(views.data?.items ?? []).map((view) => (
            <li key={view.id} className="view-line">
              {editing === view.id ? (
                <Rename
                  view={view}
                  mayShare={mayShare}
                  isPending={change.isPending}
                  write={(fields) => change.mutate({ id: view.id, ...fields })}
                  cancel={() => setEditing(null)}
                />
              ) : (
                <>
                  <Link
                    className="menu-item min-w-0 grow"
                    href={viewOption(view, slug).href}
                    prefetch={false}
                    aria-current={view.path === path && view.query === query ? "page" : undefined}
                    onClick={close}
                  >
                    <bdi className="block truncate" title={view.name}>
                      {view.name}
                    </bdi>
                    <span className="block truncate text-label text-ink-10">
                      {view.is_shared ? (view.is_own ? "shared by you" : `shared by ${view.made_by}`) : "yours"}
                    </span>
                  </Link>
                  {view.may_change ? (
                    <>
                      <button
                        type="button"
                        className="icon-button"
                        aria-label={`Change the view ${view.name}`}
                        title="Change"
                        onClick={() => setEditing(view.id)}
                      >
                        <Icon name="edit" size={14} />
                      </button>
                      <button
                        type="button"
                        className="icon-button"
                        aria-label={`Delete the view ${view.name}`}
                        title="Delete"
                        disabled={remove.isPending}
                        onClick={() => remove.mutate(view)}
                      >
                        <Icon name="trash" size={14} />
                      </button>
                    </>
                  ) : null}
                </>
              )}
            </li>
          ))}
          {views.data && views.data.items.length === 0 ? (
            <li className="p-3 text-table text-ink-11">No saved views yet.</li>
          ) : null}
          {views.data ? null : <li className="p-3 text-table text-ink-10">Reading the views</li>}
        </ul>
      )}
      {VIEWABLE.test(path) ? (
        <Save
          mayShare={mayShare}
          isPending={save.isPending}
          write={(name, isShared) => save.mutate({ name, path, query, is_shared: isShared })}
        />
      ) : null}
    </div>
  )
}

type SaveProps = { mayShare: boolean; isPending: boolean; write: (name: string, isShared: boolean) => void }

function Save({ mayShare, isPending, write }: SaveProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    write(String(form.get("name")).trim(), form.get("shared") === "on")
    event.currentTarget.reset()
  }
  return (
    <form method="dialog" onSubmit={submit} className="flex flex-col gap-2 border-t border-line p-3">
      <div className="flex gap-2">
        <input
          name="name"
          className="field min-w-0 grow"
          aria-label="Name of the view"
          placeholder="Name this page"
          maxLength={80}
          required
          autoComplete="off"
        />
        <button type="submit" className="button" disabled={isPending}>
          Save
        </button>
      </div>
      {mayShare ? <Shared isOn={false} /> : null}
    </form>
  )
}

type RenameProps = {
  view: SavedView
  mayShare: boolean
  isPending: boolean
  write: (fields: SavedViewChange) => void
  cancel: () => void
}

function Rename({ view, mayShare, isPending, write, cancel }: RenameProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    write({ name: String(form.get("name")).trim(), ...(mayShare ? { is_shared: form.get("shared") === "on" } : {}) })
  }
  return (
    <form method="dialog" onSubmit={submit} className="flex w-full flex-col gap-2 p-3">
      <input
        name="name"
        className="field w-full"
        aria-label={`New name of ${view.name}`}
        defaultValue={view.name}
        maxLength={80}
        required
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
        autoFocus
      />
      {mayShare ? <Shared isOn={view.is_shared} /> : null}
      <div className="flex gap-2">
        <button type="submit" className="button" disabled={isPending}>
          Keep
        </button>
        <button type="button" className="button button-quiet" onClick={cancel}>
          Cancel
        </button>
      </div>
    </form>
  )
}

function Shared({ isOn }: { isOn: boolean }) {
  return (
    <label className="flex min-h-6 items-center gap-2 text-label text-ink-11">
      <input type="checkbox" name="shared" defaultChecked={isOn} /> Everybody in the project sees it
    </label>
  )
}
