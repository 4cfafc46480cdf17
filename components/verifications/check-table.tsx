"use client"

import type { PassShare } from "@/components/charts/prepare/pass-share"
import { Swatch } from "@/components/charts/swatch"
import { Count } from "@/components/ui/figures"
import { formatShare } from "@/lib/format"

type CheckTableProps = {
  share: PassShare
  chosen: readonly string[]
  choose: (check: string[]) => void
}

/** The chart as numbers: every check with its counts; choosing one narrows the results below. */
export function CheckTable({ share, chosen, choose }: CheckTableProps) {
  const paints = new Map(share.lines.map((line) => [line.check, line.paint]))
  return (
    <div className="table-scroll border-t border-line">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col" className="num">
              Passed
            </th>
            <th scope="col" className="num">
              Failed
            </th>
            <th scope="col" className="num">
              Check broke
            </th>
            <th scope="col" className="num">
              Skipped
            </th>
            <th scope="col" className="num">
              Share passed
            </th>
          </tr>
        </thead>
        <tbody>
          {share.checks.map((check) => {
            const isChosen = chosen.includes(check.check)
            const paint = paints.get(check.check)
            return (
              <tr key={check.check} aria-selected={isChosen}>
                <th scope="row" className="row-head">
                  <button
                    type="button"
                    className="flex min-w-0 max-w-full items-center gap-2"
                    aria-pressed={isChosen}
                    onClick={() => choose(isChosen ? [] : [check.check])}
                  >
                    {paint ? <Swatch paint={paint} /> : null}
                    <span className="row-link" title={check.check}>
                      {check.check}
                    </span>
                  </button>
                </th>
                <td className="num">
                  <Count value={check.passed} />
                </td>
                <td className={`num ${check.failed > 0 ? "text-failed" : "text-ink-10"}`}>
                  <Count value={check.failed} />
                </td>
                <td className={`num ${check.error > 0 ? "text-alarm" : "text-ink-10"}`}>
                  <Count value={check.error} />
                </td>
                <td className="num text-ink-10">
                  <Count value={check.skipped} />
                </td>
                <td className="num">{formatShare(check.passed, check.passed + check.failed) ?? "no verdict"}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
