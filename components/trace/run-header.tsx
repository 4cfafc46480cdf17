"use client"

import { exceptionHref } from "@/components/data/exceptions"
import { useScope } from "@/components/frame/project"
import { actorWords } from "@/components/trace/control-words"
import { RunControl } from "@/components/trace/run-control"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { BUCKET_WORDS, checkId } from "@/components/trace/words"
import { Copy } from "@/components/ui/copy-button"
import { Cost, Elapsed, Id, When } from "@/components/ui/figures"
import { Light, LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { Run } from "@/lib/contracts/read"
import { formatCount, plural, shortenMiddle } from "@/lib/format"
import { PROOF_LIGHT, runLight } from "@/lib/lights"
import { measureWords } from "@/lib/measure-words"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

/** What the run claims, what holds of it, and why: status, proof and hold stay apart. */
export function RunHeader({ run, currency, select }: { run: Run; currency: string; select: SelectSpan }) {
  const light = runLight(run)
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="flex min-w-0 items-center gap-2 text-title">
          <LightShape light={light} size={18} />
          <Name text={run.workflow ?? "Run without a workflow"} />
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
          {run.differing_calls > 0 ? (
            <span
              className="block text-label text-alarm"
              title={`Reported ${run.reported_cost}, computed ${run.computed_cost}`}
            >
              reported cost is off by more than 2 % in {plural(run.differing_calls, "call")}
            </span>
          ) : null}
        </Fact>
        <Fact term="Tokens">
          <Tokens run={run} />
        </Fact>
        <Fact term="Took">
          {/* One that was halted and never said so ended with its last event. */}
          <Elapsed from={run.started_at} to={run.ended_at ?? (run.status === "halted" ? run.last_event_at : null)} />
        </Fact>
        <Fact term="Started">
          <When at={run.started_at} />
        </Fact>
        <Placement run={run} />
      </dl>
      <RunControl
        run={run.id}
        currency={currency}
        spans={new Map(run.plan.map((step) => [step.step, step.span]))}
        select={select}
      />
      <Verdict run={run} select={select} />
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

function ToStep({ step, span, select }: { step: string | null; span: string | null; select: SelectSpan }) {
  return (
    <>
      {" "}
      <button type="button" className="link" onClick={() => select(span)}>
        Show the step<span className="sr-only"> {step}</span>
      </button>
    </>
  )
}

/** `succeeded` is what the run claims: only what stopped, failed or still runs has a light of its own. */
function Status({ run }: { run: Run }) {
  const light = runLight({ status: run.status, proof: "pending", hold: null })
  return light === "silent" ? <span>{run.status}</span> : <Light light={light}>{run.status}</Light>
}

const NAME_SHOWN = 56
const TERM_SHOWN = 32

/** A name as it is, or both its ends with its length: one of 10,000 characters must not push the run off its own page. */
function Name({ text }: { text: string }) {
  if (text.length <= NAME_SHOWN) return <span className="min-w-0 break-words">{text}</span>
  return (
    <span className="min-w-0 break-words" title={text}>
      {shortenMiddle(text, NAME_SHOWN)}{" "}
      <span className="text-label text-ink-10 whitespace-nowrap">{plural(text.length, "character")} in all</span>
      <Copy text={text} label="Copy the whole name" />
    </span>
  )
}

function Tokens({ run }: { run: Run }) {
  const all = TOKEN_BUCKETS.reduce((sum, bucket) => sum + run.tokens[bucket], 0)
  if (all === 0) return <span className="text-ink-10">{run.calls === 0 ? "no call" : "unknown"}</span>
  const parts = TOKEN_BUCKETS.filter((bucket) => run.tokens[bucket] > 0)
  return (
    <span title={parts.map((bucket) => `${BUCKET_WORDS[bucket]} ${formatCount(run.tokens[bucket])}`).join(", ")}>
      {formatCount(all)}
    </span>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="break-words" title={term.length > TERM_SHOWN ? term : undefined}>
        {shortenMiddle(term, TERM_SHOWN)}
      </dt>
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
        <Name text={value} />
      </Fact>
    ),
  )
}

/** The halt, and what proof lacks, in words. */
function Verdict({ run, select }: { run: Run; select: SelectSpan }) {
  const { slug } = useScope()
  const spans = new Map(run.plan.map((step) => [step.step, step.span]))
  const haltedAt = run.halt?.step ? (spans.get(run.halt.step) ?? null) : null
  const measure = run.halt && measureWords(run.halt)
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
              by {run.halt.by === null ? "unknown" : actorWords(run.halt.by)}
              {run.halt.rule ? `, rule ${run.halt.rule}` : ""}
              {measure ? ` · ${[measure.observed, measure.limit].filter(Boolean).join(" · ")}` : ""}
            </span>
            {run.exception ? (
              <>
                {" "}
                <Link className="link" href={exceptionHref(slug, run.exception.id)} prefetch={false}>
                  {run.exception.state === "resolved" ? "Show how it was resolved" : "Deal with it"}
                </Link>
              </>
            ) : null}
            {haltedAt ? <ToStep step={run.halt.step} span={haltedAt} select={select} /> : null}
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
                {reason.step && spans.get(reason.step) ? (
                  <ToStep step={reason.step} span={spans.get(reason.step) ?? null} select={select} />
                ) : null}
                {reason.check ? (
                  <>
                    {" "}
                    <a className="link" href={`#${checkId(reason.check)}`}>
                      Show the check<span className="sr-only"> {reason.check}</span>
                    </a>
                  </>
                ) : null}
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
