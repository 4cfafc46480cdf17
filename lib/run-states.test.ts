import { describe, expect, it } from "vitest"
import { HOLDS, type Hold, PROOFS, RUN_STATUSES, WORKFLOW_STATES } from "@/lib/vocabulary"
import {
  afterAct,
  afterLineAct,
  isUsable,
  LINE_ACTS,
  LINE_MOVES,
  legalLineActs,
  legalRunActs,
  RUN_ACTS,
  RUN_MOVES,
  RUN_STATES,
  runState,
} from "./run-states"

/** Written out once more, by hand: the table in the code must say the same, pair by pair. */
const RUN_PAIRS = `
pending -> running halting halted
running -> waiting stalled finished_claimed failed cancelled halting halted
waiting -> running halting halted
stalled -> running halting halted
halting -> halted quarantined failed cancelled
halted -> superseded
finished_claimed -> done unproven quarantined
done -> quarantined
unproven -> done quarantined superseded
failed -> superseded
quarantined -> released rejected superseded`
const LINE_PAIRS = `
live -> tightened paused
tightened -> live paused
paused -> live`

const pairs = (text: string): Set<string> =>
  new Set(
    text
      .trim()
      .split("\n")
      .flatMap((line) => {
        const [from, ends] = line.split(" -> ") as [string, string]
        return ends.split(" ").map((to) => `${from} ${to}`)
      }),
  )

describe("D8 only listed transitions exist", () => {
  const listed = pairs(RUN_PAIRS)
  it.each(RUN_STATES.flatMap((from) => RUN_STATES.map((to) => [from, to] as const)))("run %s -> %s", (from, to) => {
    expect((RUN_MOVES[from][to]?.length ?? 0) > 0).toBe(listed.has(`${from} ${to}`))
  })

  const lines = pairs(LINE_PAIRS)
  it.each(WORKFLOW_STATES.flatMap((from) => WORKFLOW_STATES.map((to) => [from, to] as const)))(
    "line %s -> %s",
    (from, to) => {
      expect((LINE_MOVES[from][to]?.length ?? 0) > 0).toBe(lines.has(`${from} ${to}`))
    },
  )
})

describe("people's acts", () => {
  const MAY: Record<string, string> = {
    pending: "halt",
    running: "halt",
    waiting: "halt",
    stalled: "halt",
    finished_claimed: "quarantine",
    done: "quarantine",
    unproven: "quarantine",
    quarantined: "release reject",
  }
  it.each(RUN_STATES.flatMap((from) => RUN_ACTS.map((act) => [from, act] as const)))("run %s: %s", (from, act) => {
    const isListed = (MAY[from] ?? "").split(" ").includes(act)
    expect(afterAct(from, act) !== null).toBe(isListed)
    expect(legalRunActs(from).includes(act)).toBe(isListed)
  })

  const LINE_MAY: Record<string, string> = { live: "pause tighten", tightened: "pause resume", paused: "resume" }
  it.each(WORKFLOW_STATES.flatMap((from) => LINE_ACTS.map((act) => [from, act] as const)))(
    "line %s: %s",
    (from, act) => {
      const isListed = (LINE_MAY[from] ?? "").split(" ").includes(act)
      expect(afterLineAct(from, act) !== null).toBe(isListed)
      expect(legalLineActs(from).includes(act)).toBe(isListed)
    },
  )

  it("no act leads to done: nobody may skip proof", () => {
    for (const from of RUN_STATES) for (const act of RUN_ACTS) expect(afterAct(from, act)).not.toBe("done")
    for (const from of RUN_STATES) expect(RUN_MOVES[from].done ?? ["events"]).toEqual(["events"])
  })
})

describe("a run in one word", () => {
  const holds: (Hold | null)[] = [null, ...HOLDS]
  const every = RUN_STATUSES.flatMap((status) =>
    PROOFS.flatMap((proof) => holds.map((hold) => ({ status, proof, hold }))),
  )

  it("is done only when it claims success, is verified and nothing holds it", () => {
    const done = every.filter((run) => runState(run) === "done")
    expect(done).toEqual([{ status: "succeeded", proof: "verified", hold: null }])
  })

  it("is usable only when done or released", () => {
    for (const run of every) {
      const isProven = run.status === "succeeded" && run.proof === "verified" && run.hold === null
      expect(isUsable(runState(run))).toBe(isProven || run.hold === "released")
    }
  })

  it("a failed check on the final output is not proven; no declared check is only a claim", () => {
    expect(runState({ status: "succeeded", proof: "failed", hold: null })).toBe("unproven")
    expect(runState({ status: "succeeded", proof: "unchecked", hold: null })).toBe("finished_claimed")
  })
})
