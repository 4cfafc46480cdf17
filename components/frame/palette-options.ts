import { traceHref } from "@/components/data/href"
import { inProject, withQuery } from "@/components/data/http"
import { PAGES } from "@/components/frame/pages"
import type { IconName } from "@/components/ui/icon"
import type { Search } from "@/lib/contracts/search"
import type { SavedView } from "@/lib/contracts/views"
import { DIMENSION_WORDS } from "@/lib/dimension-words"
import { encodeValue } from "@/lib/filters"
import { type LightName, runLight, runWord } from "@/lib/lights"
import type { Dimension } from "@/lib/vocabulary"

/** One line of the search: where it leads and how it looks. */
export type Option = {
  /** Unlike any other of the list. */
  id: string
  group: string
  text: string
  note: string | null
  icon: IconName
  light: LightName | null
  isCode: boolean
  href: string
}

/** Places that are no page of the rail, with other words that people look for them by. */
const SETTINGS: readonly { path: string; word: string; also: string; isForAdmins?: boolean }[] = [
  { path: "/settings/keys", word: "Ingest keys", also: "api token secret", isForAdmins: true },
  { path: "/settings/members", word: "Members", also: "people roles users add", isForAdmins: true },
  { path: "/settings/prices", word: "Prices", also: "model rates unpriced" },
  { path: "/settings/budgets", word: "Budgets", also: "limit cap burn forecast" },
  {
    path: "/settings/alerts",
    word: "Alerts",
    also: "channels slack pagerduty webhook e-mail notify told",
    isForAdmins: true,
  },
  { path: "/settings/policies", word: "Policies", also: "rules limits tolerances" },
  { path: "/settings/quality", word: "Data quality", also: "sources gaps duplicates" },
  { path: "/settings/ledger", word: "Ledger", also: "health retention disk events partitions check" },
  { path: "/settings/ingest", word: "Ingest warnings", also: "dead letters rejected conflicts errors" },
  { path: "/settings/audit", word: "Audit log", also: "who did what" },
  { path: "/settings/demo", word: "Demo data", also: "seed example remove", isForAdmins: true },
  { path: "/settings/account", word: "Your account", also: "password sessions log out" },
]

const ALSO: Record<string, string> = {
  "/": "home stations today start",
  "/spend": "cost money dollars tokens",
  "/halted": "stopped on-call",
  "/exceptions": "queue alarms quarantine on-call",
  "/verifications": "checks proof passed failed",
  "/reports": "month finance csv cost centre",
  "/settings": "project name zone currency prices demo retention",
}

/** What a name is looked at: what a run carries on Runs, what only money carries on Spend. */
const PAGE_OF: Record<Dimension, string> = {
  workflow: "/runs",
  release: "/runs",
  environment: "/runs",
  model: "/spend",
  provider: "/spend",
  team: "/spend",
  customer: "/spend",
  step: "/spend",
  key: "/spend",
}

const ICON_OF: Partial<Record<Dimension, IconName>> = { workflow: "runs", model: "llm", step: "step", team: "user" }

/**
 * The lines for what is typed: recent, views and pages while nothing is; else pages and views that hold every word, what the server found,
 * and the way to the whole list of runs.
 */
export function paletteOptions(
  typed: string,
  project: string | null,
  found: { recent: readonly Option[]; views: readonly SavedView[]; search: Search | undefined; isAdmin: boolean },
): Option[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (text: string) => words.every((word) => text.toLowerCase().includes(word))
  const pages = [
    ...PAGES.map(({ path, word, icon, key }) => ({ path, word, icon, note: `g ${key}`, also: ALSO[path] ?? "" })),
    ...SETTINGS.filter((place) => found.isAdmin || !place.isForAdmins).map((place) => ({
      ...place,
      icon: "settings" as const,
      note: "Settings",
    })),
  ].filter(({ word, also, path }) => (words.length === 0 ? !path.startsWith("/settings/") : fits(`${word} ${also}`)))
  const views = found.views.filter((view) => fits(view.name)).map((view) => viewOption(view, project))
  const places = pages.map(({ path, word, icon, note }) =>
    option({ id: `page ${path}`, group: "Pages", text: word, note, icon, href: inProject(path, project) }),
  )
  if (words.length === 0) return [...found.recent, ...views, ...places]
  const q = typed.trim()
  return [
    ...(found.search?.runs ?? []).map((run) =>
      option({
        id: `run ${run.id}`,
        group: "Runs",
        text: run.id,
        note: [runWord(run), run.workflow].filter(Boolean).join(" · "),
        light: runLight(run),
        isCode: true,
        href: traceHref(project, run.id),
      }),
    ),
    ...(found.search?.names ?? []).map(({ dimension, name }) => nameOption(dimension, name, project)),
    ...places,
    ...views,
    option({
      id: "all runs",
      group: "Everything",
      text: `Search all runs for "${q.slice(0, 80)}"`,
      icon: "search",
      href: inProject("/runs", project, { q }),
    }),
  ]
}

function nameOption(dimension: Dimension, name: string, project: string | null): Option {
  const query = new URLSearchParams(project === null ? {} : { project })
  query.set(dimension, encodeValue(name))
  query.sort()
  const path = PAGE_OF[dimension]
  return option({
    id: `${dimension} ${name}`,
    group: `${DIMENSION_WORDS[dimension].many.replace(/^./, (letter) => letter.toUpperCase())}`,
    text: name === "" ? '""' : name,
    note: `on ${path === "/runs" ? "Runs" : "Spend"}`,
    icon: ICON_OF[dimension] ?? "filter",
    href: withQuery(path, query.toString()),
  })
}

export function viewOption(view: SavedView, project: string | null): Option {
  const query = new URLSearchParams(view.query)
  if (project !== null) query.set("project", project)
  query.sort()
  return option({
    id: `view ${view.id}`,
    group: "Saved views",
    text: view.name,
    note: view.is_shared ? "shared" : "yours",
    icon: "saved",
    href: withQuery(view.path, query.toString()),
  })
}

function option(given: Partial<Option> & Pick<Option, "id" | "group" | "text" | "href">): Option {
  return { note: null, icon: "other", light: null, isCode: false, ...given }
}
