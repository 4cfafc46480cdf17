"use client"

import { useEffect, useId, useRef, useState } from "react"
import { policyHref } from "@/components/data/href-policy"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { PolicyEntry } from "@/lib/contracts/policies"
import { formatCount, plural } from "@/lib/format"
import { policyLines } from "@/lib/policy-words"

/** Drawn at once: more than these nobody scrolls through, and each is weight of the page. */
const DRAWN = 60
/** Fewer are found by looking. */
const SEARCHED = 30

type ListProps = {
  items: readonly PolicyEntry[]
  chosen: string
  /** The project has more workflows than came. */
  isCut: boolean
}

/** Every workflow that came, the first of them drawn; a name typed finds the others. */
export function PolicyNames({ items, chosen, isCut }: ListProps) {
  const [text, setText] = useState("")
  const list = useRef<HTMLUListElement>(null)
  const id = useId()
  const find = text.trim().toLowerCase()
  const found = find === "" ? items : items.filter(({ workflow }) => workflow.toLowerCase().includes(find))
  const drawn = found.filter(({ workflow }, place) => place < DRAWN || workflow === chosen)
  const at = drawn.findIndex(({ workflow }) => workflow === chosen)
  useEffect(() => {
    // The list is longer than its box; where one is must be in sight, without moving the page.
    const row = list.current?.children[at]
    if (list.current && row instanceof HTMLElement)
      list.current.scrollTop = Math.max(0, row.offsetTop - row.offsetHeight)
  }, [at])
  const hasProject = items[0]?.policy !== null
  const isOwnName = isCut && find !== "" && !items.some(({ workflow }) => workflow === text.trim())
  return (
    <>
      {items.length > SEARCHED ? (
        <div className="border-b border-line p-2">
          <label htmlFor={id} className="sr-only">
            Find a workflow
          </label>
          <input
            id={id}
            type="search"
            className="field w-full"
            placeholder="Find a workflow"
            autoComplete="off"
            maxLength={200}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      ) : null}
      <ul ref={list} className="policy-list">
        {drawn.map((entry) => (
          <li key={entry.workflow}>
            <Entry entry={entry} isChosen={entry.workflow === chosen} hasProject={hasProject} />
          </li>
        ))}
        {isOwnName ? (
          <li>
            <Entry entry={{ workflow: text.trim(), policy: null }} isChosen={false} hasProject={hasProject} isTyped />
          </li>
        ) : null}
      </ul>
      <p role="status" className={drawn.length < found.length || found.length === 0 ? "policy-more" : "sr-only"}>
        {found.length === 0
          ? isOwnName
            ? "Not among those listed: the name counts as it is typed."
            : "None of that name."
          : drawn.length < found.length
            ? `${formatCount(drawn.length)} of ${formatCount(found.length)}${isCut ? " that are listed" : ""}. A name finds the others.`
            : ""}
      </p>
    </>
  )
}

type EntryProps = { entry: PolicyEntry; isChosen: boolean; hasProject: boolean; isTyped?: boolean }

function Entry({ entry: { workflow, policy }, isChosen, hasProject, isTyped = false }: EntryProps) {
  const { slug } = useScope()
  const nothing = workflow === "" || !hasProject ? "no policy" : "as the project"
  return (
    <Link
      href={policyHref(slug, workflow)}
      aria-current={isChosen ? "true" : undefined}
      className="policy-entry"
      scroll={false}
    >
      <span className="truncate font-strong" title={workflow || undefined}>
        {workflow === "" ? "The project" : workflow}
      </span>
      <span className="truncate text-label text-ink-10">
        {isTyped ? (
          "by its whole name"
        ) : policy === null ? (
          nothing
        ) : (
          <>
            {plural(policyLines(policy.document).length, "rule")}, version {policy.version},{" "}
            <When at={policy.created_at} isRelative />
          </>
        )}
      </span>
    </Link>
  )
}
