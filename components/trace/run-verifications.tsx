"use client"

import { checkId } from "@/components/data/href-run"
import type { SelectSpan } from "@/components/trace/use-span-param"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { Run } from "@/lib/contracts/read"
import { formatCount } from "@/lib/format"
import { onFinalOutput, VERDICT_LIGHT } from "@/lib/lights"

/** What a row keeps of the evidence; the event has the whole. */
const EVIDENCE_KEPT = 2000
/** Characters that take no more than three lines. */
const FEW = 150
const isFirst = (run: Run, i: number) =>
  run.verification_list.findIndex((one) => one.check === run.verification_list[i]?.check) === i

/** Every verification of the run, with what it was of. */
export function RunVerifications({ run, select }: { run: Run; select: SelectSpan }) {
  const spans = new Map(run.plan.map((step) => [step.step, step.span]))
  const missing = run.checks.filter(
    (check) => !run.verification_list.some((verification) => verification.check === check),
  )
  return (
    <section className="panel min-w-0" aria-label="Verifications">
      <header className="flex min-h-11 items-center border-b border-line px-4">
        <h2 className="text-body">Verifications</h2>
        {run.verifications > run.verification_list.length ? (
          <span className="ml-auto text-label text-ink-10">
            shows the latest {formatCount(run.verification_list.length)} of {formatCount(run.verifications)}
          </span>
        ) : null}
      </header>
      {run.verification_list.length === 0 && missing.length === 0 ? (
        <p className="p-4 text-ink-11">None was declared and none has arrived.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
        <section className="table-scroll" aria-label="Results of the checks" tabIndex={0}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Outcome</th>
                <th scope="col">Check</th>
                <th scope="col">Of step</th>
                <th scope="col" className="num">
                  Score
                </th>
                <th scope="col" className="num">
                  Threshold
                </th>
                <th scope="col">Of the final output</th>
                <th scope="col">Evidence</th>
                <th scope="col">Verifier</th>
                <th scope="col" className="num">
                  At
                </th>
              </tr>
            </thead>
            <tbody>
              {missing.map((check) => (
                <tr key={`missing ${check}`} id={checkId(check)}>
                  <td className="text-ink-11">not run</td>
                  <td className="max-w-56 truncate" title={check}>
                    <bdi>{check}</bdi>
                  </td>
                  <td colSpan={7} className="text-ink-11">
                    Required; no result has arrived.
                  </td>
                </tr>
              ))}
              {run.verification_list.map((verification, i) => (
                <tr key={verification.id} id={isFirst(run, i) ? checkId(verification.check) : undefined}>
                  <td>
                    <Light light={VERDICT_LIGHT[verification.outcome].light}>
                      {VERDICT_LIGHT[verification.outcome].word}
                    </Light>
                  </td>
                  <td className="max-w-56 truncate" title={verification.check}>
                    <bdi>{verification.check}</bdi>
                    {run.checks.includes(verification.check) ? null : (
                      <span className="text-ink-10"> not required</span>
                    )}
                  </td>
                  <td>
                    {verification.step === null ? (
                      <span className="text-ink-10">the run</span>
                    ) : spans.get(verification.step) ? (
                      <button
                        type="button"
                        className="link max-w-40 truncate"
                        onClick={() => select(spans.get(verification.step ?? "") ?? null)}
                      >
                        {verification.step}
                      </button>
                    ) : (
                      <span className="block max-w-40 truncate" title={verification.step}>
                        {verification.step}
                      </span>
                    )}
                  </td>
                  <td className="num">{verification.score ?? ""}</td>
                  <td className="num">{verification.threshold ?? ""}</td>
                  <td>{onFinalOutput(verification.is_on_final_output)}</td>
                  <td className="max-w-96 py-1">
                    <Evidence text={verification.evidence} check={verification.check} />
                    {(verification.evidence?.length ?? 0) >= EVIDENCE_KEPT ? (
                      <span className="block text-label text-ink-10">
                        The first {formatCount(EVIDENCE_KEPT)} characters; the whole is in the event {verification.id}.
                      </span>
                    ) : null}
                  </td>
                  <td className="max-w-48 truncate" title={verification.verifier?.hash ?? undefined}>
                    {verification.verifier?.name ?? "not named"}
                  </td>
                  <td className="num">
                    <When at={verification.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  )
}

/** More than a few lines scroll in their place: the row of a long one stays a row. */
function Evidence({ text, check }: { text: string | null; check: string }) {
  if (text === null) return null
  if (text.length <= FEW && !text.includes("\n")) return <bdi className="wrap-anywhere">{text}</bdi>
  return (
    <ScrollBox label={`Evidence of ${check}`} className="evidence-box">
      <bdi>{text}</bdi>
    </ScrollBox>
  )
}
