"use client"

import { Cost, Elapsed, Id, When } from "@/components/ui/figures"
import { Light, LightShape } from "@/components/ui/light"
import type { Run } from "@/lib/contracts/read"
import { formatCount, plural } from "@/lib/format"
import { PROOF_LIGHT, runLight } from "@/lib/lights"

/** What the run claims, what holds of it, and why: status, proof and hold stay apart. */
export function RunHeader({ run, currency }: { run: Run; currency: string }) {
  const light = runLight(run)
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="flex min-w-0 items-center gap-2 text-title">
          <LightShape light={light} size={18} />
          <span className="min-w-0 break-words">{run.workflow ?? "Run without a workflow"}</span>
        </h1>
        <Id id={run.id} length={36} />
      </div>
      <dl className="facts">
        <Fact term="Status">
          <Status run={run} />
        </Fact>
        <Fact term="Proof">
          <Light light={PROOF_LIGHT[run.proof]}>{run.proof}</Light>
        </Fact>
        {run.hold ? (
          <Fact term="Hold">
            <Light light={run.hold === "quarantined" ? "quarantined" : "silent"}>{run.hold}</Light>
          </Fact>
        ) : null}
        <Fact term="Cost">
          <strong className="text-title">
            <Cost value={run.cost} currency={currency} />
          </strong>
          {run.unpriced_calls > 0 ? (
            <span className="text-alarm">
              {" "}
              without {formatCount(run.unpriced_calls)} of {plural(run.calls, "call")}
            </span>
          ) : null}
        </Fact>
        <Fact term="Took">
          <Elapsed from={run.started_at} to={run.ended_at} />
        </Fact>
        <Fact term="Started">
          <When at={run.started_at} />
        </Fact>
        <Placement run={run} />
      </dl>
      <Verdict run={run} />
      {run.notes.length > 0 || run.is_partial ? (
        <ul className="flex flex-col gap-1 text-label text-ink-11">
          {run.is_partial ? <li>Its start has not arrived: what it declared is not known yet.</li> : null}
          {run.notes.map((note) => (
            <li key={`${note.code} ${note.event} ${note.text}`}>Note: {note.text}</li>
          ))}
        </ul>
      ) : null}
    </header>
  )
}

/** `succeeded` is what the run claims: only what stopped, failed or still runs has a light of its own. */
function Status({ run }: { run: Run }) {
  const light = runLight({ status: run.status, proof: "pending", hold: null })
  return light === "silent" ? <span>{run.status}</span> : <Light light={light}>{run.status}</Light>
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Placement({ run }: { run: Run }) {
  const known = {
    agent: run.agent,
    environment: run.environment,
    release: run.release,
    team: run.team,
    customer: run.customer,
  }
  const tags = Object.entries(run.tags).filter(([tag]) => !(tag in known))
  return [...Object.entries(known), ...tags].map(([term, value]) =>
    value === null ? null : (
      <Fact key={term} term={term}>
        <span className="break-words">{value}</span>
      </Fact>
    ),
  )
}

/** The halt, and what proof lacks, in words. */
function Verdict({ run }: { run: Run }) {
  return (
    <>
      {run.halt ? (
        <section className="verdict bg-halted-tint" aria-label="Halt">
          <LightShape light="halted" />
          <p className="min-w-0 break-words">
            <strong>Halted{run.halt.step ? ` at step ${run.halt.step}` : ""}</strong>
            {run.halt.reason ? `: ${run.halt.reason}` : ", without a reason"}
            <span className="text-ink-11">
              {" "}
              by {run.halt.by ?? "unknown"}
              {run.halt.rule ? `, rule ${run.halt.rule}` : ""}
            </span>
          </p>
        </section>
      ) : null}
      {run.proof_reasons.length > 0 ? (
        <section
          className={`verdict ${run.proof === "failed" ? "bg-failed-tint" : run.proof === "unproven" ? "bg-unproven-tint" : "bg-ink-3"}`}
          aria-label="Why it is not proven"
        >
          <LightShape light={PROOF_LIGHT[run.proof]} />
          <ul className="flex min-w-0 flex-col gap-1">
            {run.proof_reasons.map((reason) => (
              <li key={`${reason.code} ${reason.step} ${reason.check} ${reason.text}`} className="break-words">
                {reason.text}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {run.proof === "unchecked" ? (
        <p className="text-label text-ink-11">
          No check was declared, so nothing was proven. Name them in the run's start,{" "}
          <code>"checks":["row_count_check"]</code>, and send their results as <code>verification</code> events.
        </p>
      ) : null}
      {run.proof === "verified" ? (
        <section className="verdict bg-verified-tint" aria-label="Proof">
          <LightShape light="verified" />
          <p>
            Every declared step succeeded in order, and {plural(run.checks.length, "required check")} passed on the
            final output.
          </p>
        </section>
      ) : null}
    </>
  )
}
