import type { Board } from "@/lib/contracts/board"
import { formatAgo, formatDuration, plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"

type Said = Pick<Board, "halted" | "runs" | "checks" | "currency">

/** The first line of the board, from its data: what stands still, else what lacks proof, else that all is well. @param paused lines that may start no run. */
export function boardSentence(board: Said, lastEventAt: string | null, now: number, paused = 0): string {
  const said = runsSentence(board, lastEventAt, now)
  if (paused === 0) return said
  // A line that stands still needs a person, however well its runs went.
  const held = said.replace(/^Nothing needs a person: (.)/, (_, first: string) => first.toUpperCase())
  return `${held} ${paused === 1 ? "1 line is" : `${paused} lines are`} paused.`
}

function runsSentence(board: Said, lastEventAt: string | null, now: number): string {
  const { halted, runs } = board
  if (halted.runs > 0) return haltedWords(halted, board.currency, now)
  if (runs.runs === 0) {
    const last = lastEventAt === null ? "" : ` The last event came ${formatAgo(lastEventAt, now)}.`
    return `Nothing is halted, and no run has started today.${last}`
  }
  const today = runs.runs === 1 ? "today's only run" : `today's ${plural(runs.runs, "run")}`
  const bad = [
    ...(runs.unproven > 0 ? [`${count(runs.unproven)} unproven`] : []),
    ...(runs.failed > 0 ? [`${runs.failed} failed`] : []),
  ]
  if (bad.length > 0)
    return runs.runs === 1
      ? `Today's only run ${runs.unproven > 0 ? "is unproven" : "failed"}; nothing is halted.`
      : `Of ${today}, ${bad.join(" and ")}; nothing is halted.`
  if (runs.verified === runs.runs)
    return runs.runs === 1 ? "Today's only run is proven." : `All ${plural(runs.runs, "run")} of today are proven.`
  if (runs.runs === 1)
    return `Nothing needs a person: today's only run ${runs.running > 0 ? "is not done yet" : runs.unchecked > 0 ? "declares no check" : "ended without a claim"}.`
  const rest = [
    ...(runs.running > 0 ? [`${runs.running} still run${runs.running === 1 ? "s" : ""}`] : []),
    ...(runs.unchecked > 0 ? [`${runs.unchecked} declare${runs.unchecked === 1 ? "s" : ""} no check`] : []),
    ...(runs.other > 0 ? [`${runs.other} ended without a claim`] : []),
  ]
  const proven =
    runs.verified === 0 ? `none of ${today} is proven yet` : `${runs.verified} of ${today} ${be(runs.verified)} proven`
  return `Nothing needs a person: ${proven}${rest.length > 0 ? `, ${rest.join(", ")}` : ""}.`
}

function haltedWords(halted: Board["halted"], currency: string, now: number): string {
  const who = halted.runs === 1 ? "1 run is halted" : `${plural(halted.runs, "run")} are halted`
  const age = halted.oldest_at === null ? null : formatDuration(Math.max(0, now - Date.parse(halted.oldest_at)))
  const since = age === null ? "" : halted.runs === 1 ? `, for ${age}` : `, the oldest for ${age}`
  const sunk = halted.cost === null ? "their calls have no price" : `${displayMoney(halted.cost, currency)} sunk`
  return `${who}${since}; ${sunk}.`
}

const be = (n: number) => (n === 1 ? "is" : "are")
const count = (n: number) => `${n} ${be(n)}`
