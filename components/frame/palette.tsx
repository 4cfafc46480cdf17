"use client"

import { useQuery } from "@tanstack/react-query"
import { useRouter } from "next/navigation"
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react"
import { searchQuery } from "@/components/data/search"
import { viewsQuery } from "@/components/data/views"
import { type Option, paletteOptions } from "@/components/frame/palette-options"
import { useScope } from "@/components/frame/project"
import { keepRecent, readRecent } from "@/components/frame/recent"
import { Icon } from "@/components/ui/icon"
import { LightShape } from "@/components/ui/light"
import { Modal } from "@/components/ui/modal"
import { plural } from "@/lib/format"

const LIST_ID = "palette-list"
const SETTLE_MS = 120

/** Search over pages, runs, workflows, models, settings and saved views: a combobox with its list, all by keyboard. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Modal open={open} onClose={onClose} className="palette" label="Search">
      <Finder onClose={onClose} />
    </Modal>
  )
}

function Finder({ onClose }: { onClose: () => void }) {
  const router = useRouter()
  const { project, slug } = useScope()
  const [typed, setTyped] = useState("")
  const [recent] = useState(() => readRecent(project.slug))
  const asked = useSettled(typed.trim())
  const search = useQuery(searchQuery(slug, asked))
  const views = useQuery(viewsQuery(slug))
  const options = useDeferredValue(
    useMemo(
      () =>
        paletteOptions(typed, slug, {
          recent,
          views: views.data?.items ?? [],
          search: asked === "" ? undefined : search.data,
          isAdmin: project.role === "admin",
        }),
      [typed, slug, recent, views.data, search.data, asked, project.role],
    ),
  )
  const [activeId, setActiveId] = useState<string | null>(null)
  const active = Math.max(
    0,
    options.findIndex((option) => option.id === activeId),
  )
  const list = useRef<HTMLDivElement>(null)

  const move = (index: number) => {
    const next = options[(index + options.length) % options.length]
    if (!next) return
    setActiveId(next.id)
    list.current?.querySelector(`[data-index="${options.indexOf(next)}"]`)?.scrollIntoView({ block: "nearest" })
  }
  const choose = (option: Option | undefined, inNewTab: boolean) => {
    if (!option) return
    if (option.group !== "Everything") keepRecent(project.slug, option)
    onClose()
    if (inNewTab) window.open(option.href, "_blank", "noopener")
    else router.push(option.href)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0
    if (step !== 0) move(active + step)
    else if (event.key === "Enter") choose(options[active], event.metaKey || event.ctrlKey)
    else return
    event.preventDefault()
  }
  const isWaiting = typed.trim() !== "" && (asked !== typed.trim() || search.isPlaceholderData || search.isLoading)
  return (
    <>
      <div className="palette-head">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          className="palette-input"
          placeholder="A run id, workflow, model, page or setting"
          aria-label="Search runs, workflows, models, pages and settings"
          aria-expanded="true"
          aria-controls={LIST_ID}
          aria-autocomplete="list"
          aria-activedescendant={options.length > 0 ? `palette-${active}` : undefined}
          value={typed}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type into it
          autoFocus
          onChange={(event) => {
            setTyped(event.target.value)
            setActiveId(null)
          }}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="icon-button" aria-label="Close the search" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div ref={list} id={LIST_ID} role="listbox" aria-label="Found" className="palette-list" tabIndex={-1}>
        {options.map((option, index) => (
          <Line
            key={option.id}
            option={option}
            index={index}
            isFirst={option.group !== options[index - 1]?.group}
            isActive={index === active}
            choose={choose}
            point={() => setActiveId(option.id)}
          />
        ))}
      </div>
      <p role="status" className="palette-foot">
        {search.error && asked !== ""
          ? `Runs and names could not be searched: ${search.error.message}`
          : isWaiting
            ? "Searching"
            : plural(options.length, "line")}
        <span className="max-md:hidden">↑ ↓ to move, enter to open, ⌘ enter in a new tab</span>
      </p>
    </>
  )
}

type LineProps = {
  option: Option
  index: number
  isFirst: boolean
  isActive: boolean
  choose: (option: Option, inNewTab: boolean) => void
  point: () => void
}

function Line({ option, index, isFirst, isActive, choose, point }: LineProps) {
  return (
    <>
      {isFirst ? (
        <div className="palette-group" role="presentation">
          {option.group}
        </div>
      ) : null}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are the combobox's, which holds the focus */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: pointed at by aria-activedescendant, never focused */}
      <div
        id={`palette-${index}`}
        data-index={index}
        role="option"
        aria-selected={isActive}
        className="palette-line"
        onClick={(event) => choose(option, event.metaKey || event.ctrlKey)}
        onPointerMove={isActive ? undefined : point}
      >
        {option.light ? <LightShape light={option.light} /> : <Icon name={option.icon} size={14} />}
        <bdi className={option.isCode ? "palette-text font-mono" : "palette-text"} title={option.text.slice(0, 300)}>
          {option.text}
        </bdi>
        {option.note ? <bdi className="palette-note">{option.note}</bdi> : null}
      </div>
    </>
  )
}

/** The text once nobody has typed for a moment: one question a pause, not one a letter. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), SETTLE_MS)
    return () => window.clearTimeout(timer)
  }, [text])
  return settled
}
