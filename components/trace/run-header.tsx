"use client"

import { alikeHref } from "@/components/data/href-run"
import { useScope } from "@/components/frame/project"
import { RunControl } from "@/components/trace/run-control"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { BUCKET_WORDS } from "@/components/trace/words"
import { useClock } from "@/components/ui/clock"
import { Copy } from "@/components/ui/copy-button"
import { Cost, Elapsed, Id, When } from "@/components/ui/figures"
import { Light, LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { Run } from "@/lib/contracts/read"
import { formatCount, plural, shortenMiddle } from "@/lib/format"
import { type LightName, PROOF_LIGHT, runLight } from "@/lib/lights"
import { endOf } from "@/lib/run-end"
import { type Dimension, TOKEN_BUCKETS } from "@/lib/vocabulary"

/** What the run claims, what holds of it, and why: status, proof and hold stay apart. */
export function RunHeader({ run, currency, select }: { run: Run; currency: string; select: SelectSpan }) {
  const light = runLight(run)
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="flex min-w-0 items-center gap-2 text-title">
          <LightShape light={light} size={18} />
          {run.workflow === null ? "Run without a workflow" : <Alike run={run} of="workflow" text={run.workflow} />}
        </h1>
        <Id id={run.id} length={36} />
      </div>
      <dl className="facts">
        <Fact term="Status">
          <Status run={run} />
        </Fact>
        <Fact term="Proof">
          <Light light={proofLight(run)}>{run.proof}</Light>
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
          <Elapsed from={run.started_at} to={endOf(run)} />
        </Fact>
        <Fact term="Started">
          <When at={run.started_at} />
        </Fact>
        <Placement run={run} />
      </dl>
      <RunControl run={run} currency={currency} select={select} />
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

/** Proof of what has stopped without a claim is pending for good: nothing is under way. */
const proofLight = ({ proof, status }: Run): LightName =>
  proof === "pending" && (status === "halted" || status === "cancelled") ? "silent" : PROOF_LIGHT[proof]

/** `succeeded` is what the run claims: only what stopped, failed or still runs has a light of its own. */
function Status({ run }: { run: Run }) {
  const light = runLight({ status: run.status, proof: "pending", hold: null })
  return light === "silent" ? <span>{run.status}</span> : <Light light={light}>{run.status}</Light>
}

const NAME_SHOWN = 56
const VALUE_SHOWN = 32
const TERM_SHOWN = 32

/** A name as it is, or both its ends with its length: one of 10,000 characters must not push the run off its own page. */
function Name({ text, shown = NAME_SHOWN, href = null }: { text: string; shown?: number; href?: string | null }) {
  const isWhole = text.length <= NAME_SHOWN
  const words = <bdi>{isWhole ? text : shortenMiddle(text, shown)}</bdi>
  return (
    <span className="min-w-0 break-words" title={isWhole ? undefined : text}>
      {href === null ? (
        words
      ) : (
        <Link className="link-quiet" href={href}>
          {words}
        </Link>
      )}
      {isWhole ? null : (
        <>
          {" "}
          <span className="text-label text-ink-10 whitespace-nowrap">{plural(text.length, "character")} in all</span>
          <Copy text={text} label="Copy the whole name" />
        </>
      )}
    </span>
  )
}

/** A value that other runs have too: one press to all of them. */
function Alike({ run, of, text, shown }: { run: Run; of: Dimension; text: string; shown?: number }) {
  const { slug } = useScope()
  const { now } = useClock()
  return <Name text={text} shown={shown} href={alikeHref(slug, run.started_at, now, of, text)} />
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

const SHARED = ["environment", "release", "team", "customer"] as const

function Placement({ run }: { run: Run }) {
  const known = new Set<string>(["agent", ...SHARED])
  const tags = Object.entries(run.tags).filter(([tag]) => !known.has(tag))
  return (
    <>
      {run.agent === null ? null : (
        <Fact term="agent">
          <Name text={run.agent} shown={VALUE_SHOWN} />
        </Fact>
      )}
      {SHARED.map((of) =>
        run[of] === null ? null : (
          <Fact key={of} term={of}>
            <Alike run={run} of={of} text={run[of]} shown={VALUE_SHOWN} />
          </Fact>
        ),
      )}
      {tags.map(([tag, value]) => (
        <Fact key={tag} term={tag}>
          <Name text={value} shown={VALUE_SHOWN} />
        </Fact>
      ))}
    </>
  )
}
