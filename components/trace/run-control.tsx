"use client"

import { useQuery } from "@tanstack/react-query"
import { runControlQuery } from "@/components/data/acts"
import { exceptionHref } from "@/components/data/exceptions"
import { useScope } from "@/components/frame/project"
import { RunActs } from "@/components/frame/run-acts"
import { STATE_SAYS } from "@/components/trace/control-words"
import { RunAccount } from "@/components/trace/run-account"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { Cost, When } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { RunControl as Control } from "@/lib/contracts/acts"
import type { Run } from "@/lib/contracts/read"
import { plural } from "@/lib/format"
import { runLight } from "@/lib/lights"
import { whoOf } from "@/lib/who"

type RunControlProps = { run: Run; currency: string; select: SelectSpan }

/** What holds of the run and what a person may do about it; what is wrong with it; what a stop saved or still cost. */
export function RunControl({ run, currency, select }: RunControlProps) {
  const { slug } = useScope()
  const { data: control } = useQuery(runControlQuery(slug, run.id))
  // What is known of the run itself does not wait for what people and rules did to it.
  if (!control) return <RunAccount run={run} control={null} select={select} />
  // What the page says anyway, with nothing to be done about it, is not said twice.
  const isSaid = control.acts.length === 0 && /^(halted|failed|cancelled)$/.test(control.state)
  return (
    <>
      {isSaid && !isTakenBack(control) ? null : (
        <section className="run-control" aria-label="Acts on this run">
          <State control={control} run={run} />
          <RunActs control={control} />
        </section>
      )}
      <RunAccount run={run} control={control} select={select} />
      <Money control={control} currency={currency} />
      {control.log.length > 0 ? <Log control={control} /> : null}
    </>
  )
}

/** It was told to halt for something that late events have taken away. */
const isTakenBack = ({ state, directive, findings }: Control): boolean =>
  (state === "halting" || state === "halted") &&
  directive?.action === "halt" &&
  directive.issued_by === "andon" &&
  directive.state !== "ended" &&
  !findings.some(({ rule, action }) => rule === directive.rule || action === "halt")

function State({ control, run }: { control: Control; run: Run }) {
  const { slug } = useScope()
  const [last] = control.log
  const { directive } = control
  const open = control.exceptions.find(({ state }) => state !== "resolved") ?? control.exceptions[0]
  return (
    <p className="run-state">
      <LightShape light={runLight(control)} />
      <span className="min-w-0 break-words">
        {STATE_SAYS[control.state]}
        {last && last.to_state === control.state && control.state !== "halting" ? (
          <span className="text-ink-11">
            {" "}
            Since <When at={last.at} />, by {whoOf(last.actor)}: {last.reason.replace(/\.$/, "")}.
          </span>
        ) : null}
        <Proof run={run} />
        {control.state === "halting" && directive ? (
          <span className="text-ink-11">
            {" "}
            Its runner {directive.acked_at ? "has heard it" : "has not answered yet"}; told{" "}
            <When at={directive.issued_at} isRelative />.
          </span>
        ) : null}
        {isTakenBack(control) ? (
          <span className="text-ink-11">
            {" "}
            What {control.directive?.rule} had found is not found any more: events that came late speak against it. A
            halt is never undone by itself; the work is to be run anew.
          </span>
        ) : null}
        {open && control.state !== "halted" && control.state !== "halting" ? (
          <>
            {" "}
            <Link className="link" href={exceptionHref(slug, open)} prefetch={false}>
              Its exception
            </Link>
          </>
        ) : null}
      </span>
    </p>
  )
}

/** What the proof rests on, or what there has to be for one. */
function Proof({ run }: { run: Run }) {
  if (run.proof === "verified")
    return (
      <span className="text-ink-11">
        {" "}
        Every declared step succeeded in order, and {plural(run.checks.length, "required check")} passed on what it
        made.
      </span>
    )
  if (run.proof !== "unchecked") return null
  return (
    <span className="text-ink-11">
      {" "}
      Name checks in the run's start, <code>"checks":["row_count_check"]</code>, and send their results as{" "}
      <code>verification</code> events.
    </span>
  )
}

/** What the stop came to in money, and how that is known. */
function Money({ control, currency }: { control: Control; currency: string }) {
  const { not_spent, cost_after_halt: after } = control
  // A run that was stopped when it had cost more than they do saved nothing that can be shown.
  const spared = not_spent?.amount === "0" ? null : not_spent
  if (!spared && !after) return null
  return (
    <dl className="facts">
      {spared ? (
        <div>
          <dt>Not spent</dt>
          <dd>
            <strong className="text-title">
              <Cost value={spared.amount} currency={currency} />
            </strong>
            <span className="block text-label text-ink-11">
              the median of {plural(spared.runs, "done run")} of the workflow,{" "}
              <Cost value={spared.median} currency={currency} />, less what this one cost
            </span>
          </dd>
        </div>
      ) : null}
      {after ? (
        <div>
          <dt>Cost after the halt</dt>
          <dd>
            <strong className="text-title">
              <Cost value={after.cost} currency={currency} />
            </strong>
            <span className="block text-label text-ink-11">
              {after.calls === 0
                ? "no call began after it was told"
                : `${plural(after.calls, "call")} that began after it was told`}
              {after.unpriced_calls > 0 ? `, ${plural(after.unpriced_calls, "call")} without a price` : ""}
            </span>
          </dd>
        </div>
      ) : null}
    </dl>
  )
}

function Log({ control }: { control: Control }) {
  return (
    <details className="run-log">
      <summary>{plural(control.version, "act")} on this run</summary>
      <ol className="flex flex-col gap-1">
        {control.log.map((entry) => (
          <li key={entry.n} className="break-words">
            <When at={entry.at} /> {whoOf(entry.actor)}: {entry.from_state.replace("_", " ")} to{" "}
            {entry.to_state.replace("_", " ")}. <span className="text-ink-11">{entry.reason}</span>
          </li>
        ))}
      </ol>
    </details>
  )
}
