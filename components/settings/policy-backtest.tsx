"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { traceHref } from "@/components/data/href"
import { backtestQuery, beginBacktest, cancelBacktest } from "@/components/data/policies"
import { useScope } from "@/components/frame/project"
import { Choose } from "@/components/ui/choose"
import { FormError } from "@/components/ui/field"
import { Cost, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { BacktestResult, BacktestStop } from "@/lib/contracts/policies"
import { formatCount, plural, shortenMiddle } from "@/lib/format"
import { RULE_WORDS } from "@/lib/rule-words"
import { toIso } from "@/lib/time"

const DAYS = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["90", "90 days"],
] as const
const DAY_MS = 86_400_000

/** What the draft would have done to the runs of the last weeks, before anybody saves it. */
export function PolicyBacktest({ workflow, document }: { workflow: string; document: unknown }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const [days, setDays] = useState<(typeof DAYS)[number][0]>("30")
  const [tried, setTried] = useState<string | null>(null)
  const query = useQuery(backtestQuery(slug))
  const key = backtestQuery(slug).queryKey
  const begin = useMutation({
    mutationFn: () => {
      const now = Date.now()
      const range = { from: toIso(now - Number(days) * DAY_MS), to: toIso(now) }
      return beginBacktest(slug, { workflow, document, ...range })
    },
    onSuccess: (state) => {
      client.setQueryData(key, state)
      setTried(JSON.stringify(document))
    },
  })
  const cancel = useMutation({
    mutationFn: () => cancelBacktest(slug),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  })
  const state = query.data
  const isRunning = state?.state === "running"
  const isMine = state?.workflow === workflow
  const share = state?.total ? Math.min(1, state.done / state.total) : null
  return (
    <section className="flex flex-col gap-2" aria-label="Try it over the past">
      <h3 className="font-strong">Try it over the past</h3>
      <div className="flex min-h-11 flex-wrap items-center gap-2">
        <Choose label="Runs of the last" value={days} options={DAYS} onChange={setDays} isDisabled={isRunning} />
        {isRunning ? (
          <button type="button" className="button" disabled={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </button>
        ) : (
          <button
            type="button"
            className="button"
            disabled={begin.isPending || document === null}
            onClick={() => begin.mutate()}
          >
            Try it
          </button>
        )}
        {isRunning ? (
          <span className="flex grow items-center gap-2 text-label text-ink-11" role="status">
            <progress
              className="progress"
              aria-label="Runs looked at"
              {...(share === null ? {} : { value: share, max: 1 })}
            />
            {formatCount(state.done)} of {state.total === null ? "…" : formatCount(state.total)}
          </span>
        ) : null}
      </div>
      <FormError text={begin.error?.message ?? (isMine && state?.state === "failed" ? state.message : null)} />
      {isMine && state.state === "cancelled" ? <p className="text-ink-11">Cancelled; nothing was changed.</p> : null}
      {isMine && state.state === "done" && state.result ? (
        <>
          {tried !== null && tried !== JSON.stringify(document) ? (
            <p className="text-label text-alarm">The draft has changed since: try it again.</p>
          ) : null}
          <Result result={state.result} from={state.from} />
        </>
      ) : null}
    </section>
  )
}

function Result({ result, from }: { result: BacktestResult; from: string | null }) {
  const { project, slug } = useScope()
  const { currency } = project
  return (
    <div className="flex flex-col gap-3">
      <p>
        <strong>{plural(result.halts, "halt")}</strong> in {plural(result.runs, "run")}
        {from ? (
          <>
            {" "}
            since <When at={from} />
          </>
        ) : null}
        : {formatCount(result.failed_anyway)} on runs that failed anyway,{" "}
        <span className={result.false_stops > 0 ? "text-alarm" : ""}>
          {plural(result.false_stops, "false stop")}
          {result.unchecked > 0 ? ` (${formatCount(result.unchecked)} without a check)` : ""}
        </span>
        {result.open > 0 ? `, ${formatCount(result.open)} not ended yet` : ""}.{" "}
        <strong>
          <Cost value={result.not_spent} currency={currency} />
        </strong>{" "}
        not spent{result.unpriced_calls > 0 ? `, beside ${plural(result.unpriced_calls, "call")} without a price` : ""}.{" "}
        Besides, {plural(result.quarantines, "output")} held back at the end and {plural(result.alarms, "run")} with no
        more than an alarm.
      </p>
      {result.by_rule.length > 0 ? (
        <p className="text-label text-ink-10">
          {result.by_rule.map(({ rule, runs }) => `${rule} ${RULE_WORDS[rule]}: ${formatCount(runs)}`).join(" · ")}
        </p>
      ) : null}
      {result.stops.length > 0 ? (
        <ScrollBox label="Runs that it would have halted" className="table-scroll policy-stops">
          <table className="table">
            <caption className="sr-only">Runs that it would have halted</caption>
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">Why, and at which step</th>
                <th scope="col">It ended</th>
                <th scope="col" className="num">
                  Cost
                </th>
                <th scope="col" className="num">
                  Not spent
                </th>
              </tr>
            </thead>
            <tbody>
              {result.stops.map((stop) => (
                <tr key={stop.run}>
                  <th scope="row" className="whitespace-nowrap">
                    <Link className="link" href={traceHref(slug, stop.run)} title={stop.run}>
                      {shortenMiddle(stop.run, 18)}
                    </Link>
                  </th>
                  <td className="max-w-80 truncate" title={stop.text}>
                    {stop.rule} {RULE_WORDS[stop.rule]}
                    {stop.step === null ? "" : `, ${stop.step}`}
                  </td>
                  <td className={stop.ended === "false_stop" ? "whitespace-nowrap text-alarm" : "whitespace-nowrap"}>
                    {ENDS[stop.ended]}
                  </td>
                  <td className="num">
                    <Cost value={stop.cost} currency={currency} />
                  </td>
                  <td className="num">
                    <Cost value={stop.not_spent} currency={currency} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      ) : null}
      {result.halts > result.stops.length ? (
        <p className="text-label text-ink-10">
          The {formatCount(result.stops.length)} of {formatCount(result.halts)} that save most.
        </p>
      ) : null}
    </div>
  )
}

const ENDS: Record<BacktestStop["ended"], string> = {
  failed_anyway: "not well anyway",
  false_stop: "well: false stop",
  open: "not yet",
}
