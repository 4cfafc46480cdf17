"use client"

import { useQuery } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { traceHref } from "@/components/data/href"
import { useParam } from "@/components/data/use-filters"
import { verificationQuery } from "@/components/data/verifications"
import { Id, When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { Failure, Skeleton } from "@/components/ui/panel"
import { Sheet } from "@/components/ui/sheet"
import type { VerificationDetail } from "@/lib/contracts/verifications"
import { VERDICT_LIGHT } from "@/lib/lights"
import { parseMoney } from "@/lib/money"

/** The result that the address names (`result=`), whole: what was found, by whom, of what. */
export function EvidenceSheet({ project }: { project: string | null }) {
  const [id, setId] = useParam("result")
  return (
    <Sheet title="Result of a check" open={id !== null} onClose={() => setId(null)}>
      {id === null ? null : <Body id={id} project={project} />}
    </Sheet>
  )
}

function Body({ id, project }: { id: string; project: string | null }) {
  const { data, error, refetch } = useQuery(verificationQuery(project, id))
  if (!data && error) return <Failure what="The result" error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={8} />
  return <Evidence result={data} project={project} />
}

function Evidence({ result, project }: { result: VerificationDetail; project: string | null }) {
  const { light, word } = VERDICT_LIGHT[result.outcome]
  return (
    <div className="flex flex-col gap-4">
      <p className="flex min-w-0 flex-wrap items-center gap-x-3">
        <Light light={light}>{word}</Light>
        <span className="min-w-0 break-words font-strong" dir="auto">
          {result.check}
        </span>
        <span className="text-ink-10">{result.is_required ? "required" : "not required"}</span>
      </p>
      <div>
        <h3 className="text-label text-ink-10">Evidence</h3>
        {result.evidence === null ? (
          <p className="text-ink-11">None was sent, or your role does not show it.</p>
        ) : (
          <pre className="evidence" dir="auto">
            {result.evidence}
          </pre>
        )}
        {result.is_evidence_whole ? null : (
          <p className="text-label text-alarm">
            Only the first 2,000 characters are left; the event is past retention.
          </p>
        )}
      </div>
      <dl className="evidence-facts">
        <Fact word="Score">{scoreWords(result)}</Fact>
        <Fact word="Output">{outputWords(result)}</Fact>
        <Fact word="Checked hash">{result.artifact ? <Id id={result.artifact} /> : "none given"}</Fact>
        <Fact word="Final output">{result.output_sha256 ? <Id id={result.output_sha256} /> : "none given"}</Fact>
        <Fact word="Verifier">{result.verifier?.name ?? "not named: a pass would not count"}</Fact>
        <Fact word="Verifier hash">
          {result.verifier?.hash ? <Id id={result.verifier.hash} /> : "none given: a pass would not count"}
        </Fact>
        <Fact word="Workflow">{result.workflow ?? "none"}</Fact>
        <Fact word="Release">{result.release ?? "none"}</Fact>
        <Fact word="Step">{result.step ?? "the whole run"}</Fact>
        <Fact word="At">
          <When at={result.at} />
        </Fact>
        <Fact word="Run">
          <Id id={result.run} />
        </Fact>
      </dl>
      <p>
        <Link className="button" href={traceHref(project, result.run, result.span ?? undefined)} prefetch={false}>
          {result.span === null ? "Open the trace" : `Open the trace at ${result.step}`}
        </Link>
      </p>
    </div>
  )
}

function Fact({ word, children }: { word: string; children: ReactNode }) {
  return (
    <div>
      <dt>{word}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** Which of the two is greater; what that means is the check's own business, its outcome says it. */
function scoreWords({ score, threshold }: VerificationDetail): string {
  if (score === null) return threshold === null ? "none given" : `none given, threshold ${threshold}`
  if (threshold === null) return `${score}, no threshold given`
  const [is, asked] = [parseMoney(score), parseMoney(threshold)]
  return `${score}, ${is === asked ? "exactly" : is > asked ? "above" : "below"} the threshold of ${threshold}`
}

function outputWords({ is_on_final_output, output_sha256, artifact }: VerificationDetail): string {
  if (is_on_final_output) return "this looked at the final output"
  if (artifact === null) return "what this looked at is not said"
  return output_sha256 === null
    ? "the run has no final output to compare with"
    : "this looked at something else than the final output"
}
