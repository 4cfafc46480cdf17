"use client"

import { useQuery } from "@tanstack/react-query"
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react"
import { assigneesQuery } from "@/components/data/assignees"
import { peopleFor, STEPS } from "@/components/exceptions/people"
import { useScope } from "@/components/frame/project"
import { Failure, Skeleton } from "@/components/ui/panel"
import { Sheet } from "@/components/ui/sheet"
import { formatCount, plural } from "@/lib/format"

type AssignSheetProps = {
  /** Who has it; null = nobody, left out = several have it. */
  now?: string | null
  isPending: boolean
  close: () => void
  choose: (assignee: string | null) => void
}

/** Who shall have it: oneself first, so that Enter takes it; others by name. */
export function AssignSheet({ now, isPending, close, choose }: AssignSheetProps) {
  const { slug, viewer } = useScope()
  const query = useQuery(assigneesQuery(slug))
  const [find, setFind] = useState("")
  const [at, setAt] = useState(0)
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  // The dialog has opened by now, and has given the focus to its first button.
  useEffect(() => input.current?.focus(), [])
  const { people, hidden } = peopleFor(query.data?.items ?? [], viewer, find, now)
  const active = Math.min(at, people.length - 1)
  const pick = (index: number) => {
    const person = people[index]
    if (person && !isPending) choose(person.email)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = STEPS[event.key]
    if (event.key === "Enter") pick(active)
    else if (step !== undefined && people.length > 0) {
      const next = (active + step + people.length) % people.length
      setAt(next)
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" })
    } else return
    event.preventDefault()
  }
  // Of those whom the list leaves out nothing is known here: a name does not find them.
  const unread = query.data ? query.data.count - query.data.items.length : 0
  return (
    <Sheet title="Assign" open onClose={close}>
      <div className="flex min-h-56 flex-col gap-3">
        <input
          ref={input}
          type="search"
          className="field"
          role="combobox"
          aria-label="Find a person"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={people[active] ? `${id}-${active}` : undefined}
          placeholder="Name or address"
          autoComplete="off"
          value={find}
          onChange={(event) => {
            setFind(event.target.value.slice(0, 254))
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
        {query.data ? (
          <div id={id} role="listbox" aria-label="People" aria-busy={isPending}>
            {people.map(({ email, word, note }, index) => (
              <button
                key={email ?? "~nobody"}
                id={`${id}-${index}`}
                type="button"
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                className="person"
                onClick={() => pick(index)}
              >
                <bdi className="truncate">{word}</bdi>
                <bdi className="truncate text-label text-ink-10">{note}</bdi>
              </button>
            ))}
          </div>
        ) : query.error ? (
          <Failure what="The people of the project" error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton rows={3} />
        )}
        {query.data && people.length === 0 ? (
          <p className="text-ink-11">Nobody of that name may act in this project.</p>
        ) : null}
        {hidden > 0 ? (
          <p className="text-label text-ink-10" role="status">
            {plural(hidden, "more person", "more people")}: part of a name or address finds them
          </p>
        ) : null}
        {unread > 0 ? (
          <p className="text-label text-ink-10">and {formatCount(unread)} more people, whom this list leaves out</p>
        ) : null}
      </div>
    </Sheet>
  )
}
