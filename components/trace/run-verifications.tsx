"use client"

import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import type { Run } from "@/lib/contracts/read"
import { onFinalOutput, VERDICT_LIGHT } from "@/lib/lights"

/** Every verification of the run, with what it was of. */
export function RunVerifications({ run }: { run: Run }) {
  const missing = run.checks.filter(
    (check) => !run.verification_list.some((verification) => verification.check === check),
  )
  return (
    <section className="panel min-w-0" aria-label="Verifications">
      <header className="flex min-h-11 items-center border-b border-line px-4">
        <h2 className="text-body">Verifications</h2>
      </header>
      {run.verification_list.length === 0 && missing.length === 0 ? (
        <p className="p-4 text-ink-11">None was declared and none has arrived.</p>
      ) : (
        <div className="table-scroll">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Outcome</th>
                <th scope="col">Check</th>
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
                <tr key={`missing ${check}`}>
                  <td className="text-ink-11">not run</td>
                  <td>{check}</td>
                  <td colSpan={6} className="text-ink-11">
                    Required by the run; no result has arrived.
                  </td>
                </tr>
              ))}
              {run.verification_list.map((verification) => (
                <tr key={verification.id}>
                  <td>
                    <Light light={VERDICT_LIGHT[verification.outcome].light}>
                      {VERDICT_LIGHT[verification.outcome].word}
                    </Light>
                  </td>
                  <td>
                    {verification.check}
                    {run.checks.includes(verification.check) ? null : (
                      <span className="text-ink-10"> not required</span>
                    )}
                  </td>
                  <td className="num">{verification.score ?? ""}</td>
                  <td className="num">{verification.threshold ?? ""}</td>
                  <td>{onFinalOutput(verification.is_on_final_output)}</td>
                  <td className="max-w-96 whitespace-pre-wrap break-words py-1">{verification.evidence}</td>
                  <td title={verification.verifier?.hash ?? undefined}>{verification.verifier?.name ?? "not named"}</td>
                  <td className="num">
                    <When at={verification.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
