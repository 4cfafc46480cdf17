import type { ProjectTx } from "@/db/client"
import type { MatchKind, RunSearch } from "@/lib/contracts/runs"
import type { ResolvedRange } from "./range"
import { runsCalling } from "./runs-calling"
import {
  ERRORS_READ,
  type FoundRun,
  KEPT,
  runsByError,
  runsByHalt,
  runsById,
  runsByTag,
  runsOfSets,
  setsHolding,
  TAGS_READ,
} from "./search-runs-by"

type Match = { kind: MatchKind; text: string | null }

/** Calls read to find the runs that used a model whose name matches. */
const CALLS_READ = 20_000

/** What a search found: ids, and for a page of them what each was found by. */
export type FoundBySearch = { ids: string[]; of: (page: readonly string[]) => RunSearch }

/**
 * Runs of the range that a text finds: their id begins with it, or a name, a tag, an error or the reason of a halt holds it, whatever the case.
 * The text is taken literally. Each kind keeps its newest 1,000 runs and says when there are more; tags are read of the newest 20,000 tagged
 * runs, errors of the newest 20,000 failed spans: no search reads more than that, whatever the size of the ledger.
 * Source: runs, dimension_sets, the two roll-ups, spans by their index of errors.
 */
export async function searchRuns(tx: ProjectTx, text: string, range: ResolvedRange): Promise<FoundBySearch> {
  const input = { text, range }
  const found = new Map<string, Match[]>()
  const capped = new Set<MatchKind>()
  const add = (run: string, match: Match) => {
    const known = found.get(run) ?? []
    if (!known.some(({ kind }) => kind === match.kind)) found.set(run, [...known, match])
  }
  const addAll = (kind: MatchKind, runs: FoundRun[]) => {
    if (runs.length > KEPT) capped.add(kind)
    for (const { run, text } of runs.slice(0, KEPT)) add(run, { kind, text })
  }

  addAll("id", await runsById(tx, input))

  const ofRuns = await setsHolding(tx, input, "runs")
  const named = await runsOfSets(tx, [...ofRuns.keys()], input)
  for (const { run, set } of named.slice(0, KEPT)) for (const match of ofRuns.get(set) ?? []) add(run, match)
  // Which of the names has more runs than are kept is not known: all of them may.
  if (named.length > KEPT) for (const { kind } of [...ofRuns.values()].flat()) capped.add(kind)

  const ofCalls = await setsHolding(tx, input, "calls")
  const callers = await runsCalling(tx, [...ofCalls.keys()], range, CALLS_READ)
  const calling = [...callers.sets].slice(0, KEPT)
  for (const [run, sets] of calling) for (const set of sets) for (const match of ofCalls.get(set) ?? []) add(run, match)
  if (!callers.isComplete || callers.sets.size > KEPT)
    for (const { kind } of [...ofCalls.values()].flat()) capped.add(kind)

  addAll("tag", await runsByTag(tx, input))
  addAll("error", await runsByError(tx, input))
  addAll("halt", await runsByHalt(tx, input))
  return {
    ids: [...found.keys()],
    of: (page) => ({
      matches: page.flatMap((run) => (found.get(run) ?? []).map((match) => ({ run, ...match }))),
      capped: [...capped],
      kept: KEPT,
      tags_read: TAGS_READ,
      errors_read: ERRORS_READ,
    }),
  }
}
