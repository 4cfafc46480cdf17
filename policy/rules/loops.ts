import { compareText, inOrder } from "@/lib/order"
import { DEFAULTS } from "../document"
import type { Finding, ToolCall } from "../types"
import { capped, type Facts, finding, times } from "./facts"

/**
 * T06 loop: `same_call_k` calls in a row of one tool with the same arguments, or `same_call_in_window_m` of them among `window` calls in a row.
 * T07 no progress: `no_progress_n` steps that reported the same state.
 * The policy names the number that is a loop; the largest that is in tolerance is one less, and stands as the limit.
 */
export function loopRules(facts: Facts): Finding[] {
  return [...sameCalls(facts), ...sameState(facts)]
}

/** Equal only when both are known. */
const keyOf = ({ tool, argsHash }: ToolCall) => (argsHash === null ? null : JSON.stringify([tool, argsHash]))

type Loop = { tool: string; calls: ToolCall[]; limit: number; text: string }

function sameCalls({ policy, run }: Facts): Finding[] {
  if (!policy.loop) return []
  const calls = inOrder(run.toolCalls)
  const loops = new Map<string, Loop>()
  const note = (loop: Loop) => {
    const known = loops.get(loop.tool)
    if (!known || loop.calls.length > known.calls.length) loops.set(loop.tool, loop)
  }
  inARow(calls, policy.loop.same_call_k ?? DEFAULTS.sameCallK, note)
  amongThem(
    calls,
    policy.loop.same_call_in_window_m ?? DEFAULTS.sameCallInWindowM,
    policy.loop.window ?? DEFAULTS.window,
    note,
  )
  const found = [...loops.values()].flatMap(({ tool, calls, limit, text }) =>
    finding(policy, "T06", "halt", {
      subject: tool,
      observed: String(calls.length),
      limit: String(limit),
      unit: "calls",
      text,
      evidence: calls.map(({ id }) => id),
    }),
  )
  return capped(found)
}

function inARow(calls: readonly ToolCall[], k: number, note: (loop: Loop) => void): void {
  for (let from = 0, to = 0; from < calls.length; from = to) {
    const first = calls[from] as ToolCall
    const key = keyOf(first)
    to = from + 1
    while (key !== null && to < calls.length && keyOf(calls[to] as ToolCall) === key) to++
    if (to - from < k) continue
    const text = `Tool “${first.tool}” was called ${times(to - from, "time")} in a row with the same arguments; ${k} is a loop.`
    note({ tool: first.tool, calls: calls.slice(from, to), limit: k - 1, text })
  }
}

function amongThem(calls: readonly ToolCall[], m: number, window: number, note: (loop: Loop) => void): void {
  const recent = new Map<string, ToolCall[]>()
  calls.forEach((call, index) => {
    const gone = calls[index - window]
    const goneKey = gone && keyOf(gone)
    if (goneKey) recent.get(goneKey)?.shift()
    const key = keyOf(call)
    if (key === null) return
    const same = recent.get(key) ?? []
    same.push(call)
    recent.set(key, same)
    if (same.length < m) return
    const text = `Tool “${call.tool}” was called ${times(same.length, "time")} with the same arguments within ${window} calls; ${m} is a loop.`
    note({ tool: call.tool, calls: same.slice(), limit: m - 1, text })
  })
}

function sameState({ policy, run }: Facts): Finding[] {
  if (!policy.loop) return []
  const n = policy.loop.no_progress_n ?? DEFAULTS.noProgressN
  const byHash = new Map<string, typeof run.states>()
  for (const state of inOrder(run.states)) byHash.set(state.hash, [...(byHash.get(state.hash) ?? []), state])
  const [worst] = [...byHash].sort(([a, one], [b, other]) => other.length - one.length || compareText(a, b))
  if (!worst || worst[1].length < n) return []
  const [, states] = worst
  return finding(policy, "T07", "alarm", {
    observed: String(states.length),
    limit: String(n - 1),
    unit: "steps",
    step: states.at(-1)?.step ?? null,
    text: `${times(states.length, "step")} left the same state behind; ${n} are no progress.`,
    evidence: states.map(({ id }) => id),
  })
}
