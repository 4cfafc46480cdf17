import type { PolicyEntry } from "@/lib/contracts/policies"
import { plural } from "@/lib/format"

/** The project, then those with a policy of their own; each by name, as they come. */
export function ownFirst([project, ...workflows]: readonly PolicyEntry[]): PolicyEntry[] {
  const own = workflows.filter(({ policy }) => policy !== null)
  const others = workflows.filter(({ policy }) => policy === null)
  return [...(project ? [project] : []), ...own, ...others]
}

/** The first line of the page. @param isCut the project has more workflows than came: nobody has counted what holds for them. */
export function policiesSentence(items: readonly PolicyEntry[], isCut: boolean): string {
  const [project, ...workflows] = items
  const own = workflows.filter(({ policy }) => policy !== null).length
  if (!project?.policy && own === 0) return "No policy yet: no run is stopped or held back by a rule."
  const rest = workflows.length - own
  if (isCut && own === 0) return "The project's policy holds for every workflow."
  if (isCut)
    return `${own} of the ${workflows.length} workflows that are listed ${own === 1 ? "has a policy of its" : "have policies of their"} own.`
  const others = project?.policy ? "the project's holds for" : "nothing is asked of"
  const tail = rest === 0 ? "" : `; ${others} ${rest === 1 ? "the other" : `the other ${rest}`}`
  if (own === 0) return `The project's policy holds for ${plural(rest, "workflow")}.`
  return `${own} of ${plural(workflows.length, "workflow")} ${own === 1 ? "has a policy of its" : "have policies of their"} own${tail}.`
}
