import type { Rule } from "@/lib/vocabulary"
import { FOREIGN_MODEL, type Line, type Twist, UNPRICED_MODEL } from "./plant"

/** A defect that is built into a run, and whether its output counts as done all the same (an alarm holds nothing back). */
export type Defect = { rule: Rule; isDone: boolean; twist: (line: Line) => Twist }

const step = (line: Line, index: number): string => line.steps[index] as string
const without = (line: Line, ...indices: number[]) => line.steps.filter((_, index) => !indices.includes(index))

/**
 * One way to break each rule that is decided run by run. T13 waits for calibration; T16 (silence of a workflow), T18 (budgets) and T20 (late evidence) are
 * of no single run.
 */
export const DEFECTS: readonly Defect[] = [
  { rule: "T01", isDone: false, twist: () => ({ extraCost: "5.000000000001" }) },
  {
    rule: "T02",
    isDone: false,
    twist: (line) => ({ order: [...line.steps, "polish", "polish-2", "polish-3", "polish-4"] }),
  },
  { rule: "T03", isDone: false, twist: (line) => ({ slow: { step: step(line, 1), inside: false, ms: 7_200_000 } }) },
  { rule: "T04", isDone: true, twist: (line) => ({ slow: { step: step(line, 1), inside: true, ms: 1_200_000 } }) },
  { rule: "T05", isDone: false, twist: (line) => ({ failures: { step: step(line, 2), times: 3 } }) },
  { rule: "T06", isDone: false, twist: () => ({ sameCalls: 3 }) },
  { rule: "T07", isDone: true, twist: () => ({ sameState: true }) },
  { rule: "T08", isDone: false, twist: (line) => ({ order: without(line, 3) }) },
  {
    rule: "T09",
    isDone: false,
    twist: (line) => ({ order: [...line.steps.slice(0, 3), step(line, 4), step(line, 3), ...line.steps.slice(5)] }),
  },
  // The story of the $54: fails at the third step, goes on with the fifth, claims success.
  {
    rule: "T10",
    isDone: false,
    twist: (line) => ({ failures: { step: step(line, 2), times: 1, stays: true }, order: without(line, 3) }),
  },
  { rule: "T11", isDone: false, twist: () => ({ verdict: "none" }) },
  { rule: "T12", isDone: false, twist: () => ({ verdict: "failed" }) },
  { rule: "T14", isDone: true, twist: () => ({ model: UNPRICED_MODEL }) },
  { rule: "T15", isDone: false, twist: () => ({ isSilent: true }) },
  { rule: "T17", isDone: false, twist: (line) => ({ order: without(line, 3), refs: line.steps }) },
  { rule: "T19", isDone: true, twist: () => ({ model: FOREIGN_MODEL }) },
]
