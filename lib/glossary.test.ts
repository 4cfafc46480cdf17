import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { TRANSITIONS } from "@/lib/exception-states"
import { LIGHTS } from "@/lib/lights"
import { LINE_MOVES, RUN_MOVES } from "@/lib/run-states"
import { HOLDS, RUN_STATUSES } from "@/lib/vocabulary"

const TEXT = readFileSync("docs/GLOSSARY.md", "utf8")

/** The arrows of the picture under a heading, "from to", without its beginning. */
function drawn(heading: string): string[] {
  const section = TEXT.split("\n## ").find((part) => part.startsWith(heading)) ?? ""
  return [...section.matchAll(/^ {2}(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} ${to}`).sort()
}
const movesOf = (table: Record<string, object>): string[] =>
  Object.entries(table).flatMap(([from, to]) => Object.keys(to).map((one) => `${from} ${one}`))

const among = (words: readonly string[]) => (move: string) => move.split(" ").every((word) => words.includes(word))
const once = (moves: string[]): string[] => [...new Set(moves)].sort()

test("the pictures of a run draw what its table allows", () => {
  const moves = movesOf(RUN_MOVES)
  const statuses = moves.map((move) => move.replace("finished_claimed", "succeeded")).filter(among(RUN_STATUSES))
  expect(drawn("Status of a run")).toEqual(once(statuses))
  const isHold = among(HOLDS)
  const holds = moves.filter((move) => isHold(move.split(" ")[1] ?? ""))
  expect(drawn("Hold of a run")).toEqual(
    once(holds.map((move) => (isHold(move) ? move : move.replace(/^\w+/, "none")))),
  )
})

test("the picture of a line draws what its table allows", () => {
  expect(drawn("State of a line")).toEqual(once(movesOf(LINE_MOVES)))
})

test("the picture of an exception draws what its table allows", () => {
  const moves = Object.entries(TRANSITIONS).flatMap(([from, acts]) =>
    Object.values(acts)
      .filter((to) => to !== from)
      .map((to) => `${from} ${to}`),
  )
  expect(drawn("State of an exception")).toEqual(once(moves))
})

test("each light stands in the table of lights", () => {
  const section = TEXT.split("\n## ").find((part) => part.startsWith("The light")) ?? ""
  const named = [...section.matchAll(/^\| (\w+) \|/gm)].map(([, light]) => light).filter((light) => light !== "light")
  expect(named.sort()).toEqual([...LIGHTS].sort())
})
