"use client"

import { alignSteps, tokensOf } from "@/components/compare/differences"
import { CountDifference, MoneyDifference, Time, TimeDifference } from "@/components/compare/figures"
import { useScope } from "@/components/frame/project"
import { Cost, Count } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { ComparedRun, ComparedStep } from "@/lib/contracts/compare"
import type { LightName } from "@/lib/lights"

const LIGHT: Record<string, LightName> = {
  succeeded: "verified",
  failed: "failed",
  skipped: "unchecked",
  cancelled: "silent",
  not_started: "silent",
  running: "running",
  never_ran: "unchecked",
  unfinished: "alarm",
  ran_after_failure: "alarm",
  out_of_order: "alarm",
}

/** The steps of both runs, those of one name on one line, with what each cost, used and took. */
export function StepsTable({ a, b, isOnlyDifferent }: { a: ComparedRun; b: ComparedRun; isOnlyDifferent: boolean }) {
  const { project } = useScope()
  const lines = alignSteps(a, b)
  const shown = isOnlyDifferent ? lines.filter((line) => !isSame(line.a, line.b)) : lines
  return (
    <section className="panel min-w-0" aria-label="Steps">
      <header className="flex min-h-11 items-center border-b border-line px-4">
        <h2 className="text-body">Steps</h2>
      </header>
      {lines.length === 0 ? (
        <p className="p-4 text-ink-11">Neither run has steps or calls: there is nothing to lay side by side.</p>
      ) : shown.length === 0 ? (
        <p className="p-4 text-ink-11">Every step did the same, at the same cost, in the same time.</p>
      ) : (
        <ScrollBox label="Steps of both">
          <table className="table compare-steps">
            <thead>
              <tr>
                <th scope="col" rowSpan={2}>
                  Step
                </th>
                {["State", "Cost", "Tokens", "Time", "Errors"].map((word) => (
                  <th key={word} scope="colgroup" colSpan={word === "State" || word === "Errors" ? 2 : 3}>
                    {word}
                  </th>
                ))}
              </tr>
              <tr>
                {["A", "B", "A", "B", "B−A", "A", "B", "B−A", "A", "B", "B−A", "A", "B"].map((word, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same three words under each figure, and they never change
                  <th key={i} scope="col" className={i < 2 ? undefined : "num"}>
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(({ a: left, b: right }) => (
                <StepLine
                  key={`${left ? "a" : ""}${right ? "b" : ""} ${(left ?? right)?.step ?? "~outside"}`}
                  left={left}
                  right={right}
                  currency={project.currency}
                />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  )
}

function isSame(a: ComparedStep | null, b: ComparedStep | null): boolean {
  if (a === null || b === null) return false
  return (
    a.state === b.state &&
    a.cost === b.cost &&
    a.milliseconds === b.milliseconds &&
    a.errors === b.errors &&
    tokensOf(a.tokens) === tokensOf(b.tokens)
  )
}

type LineProps = { left: ComparedStep | null; right: ComparedStep | null; currency: string }

function StepLine({ left, right, currency }: LineProps) {
  const step = (left ?? right)?.step ?? null
  // A step that one run has not cost that run nothing and used nothing.
  const [costA, costB] = [left ? left.cost : "0", right ? right.cost : "0"]
  const [tokensA, tokensB] = [left ? tokensOf(left.tokens) : 0, right ? tokensOf(right.tokens) : 0]
  const none = <span className="text-ink-9">–</span>
  return (
    <tr data-one={left === null || right === null || undefined}>
      <th scope="row" className="row-head">
        <span className="compare-text" title={step ?? undefined}>
          {step ?? <span className="text-ink-10">outside of any step</span>}
        </span>
      </th>
      <State step={left} side="A" />
      <State step={right} side="B" />
      <td className="num">{left ? <Cost value={left.cost} currency={currency} /> : none}</td>
      <td className="num">{right ? <Cost value={right.cost} currency={currency} /> : none}</td>
      <td className="num compare-difference">
        <MoneyDifference a={costA} b={costB} currency={currency} />
      </td>
      <td className="num">{left ? <Count value={tokensA} isCompact /> : none}</td>
      <td className="num">{right ? <Count value={tokensB} isCompact /> : none}</td>
      <td className="num compare-difference">
        <CountDifference a={tokensA} b={tokensB} />
      </td>
      <td className="num">
        <Time ms={left?.milliseconds ?? null} />
      </td>
      <td className="num">
        <Time ms={right?.milliseconds ?? null} />
      </td>
      <td className="num compare-difference">
        <TimeDifference a={left?.milliseconds ?? null} b={right?.milliseconds ?? null} />
      </td>
      <td className="num">{left ? <Count value={left.errors} /> : none}</td>
      <td className="num">{right ? <Count value={right.errors} /> : none}</td>
    </tr>
  )
}

function State({ step, side }: { step: ComparedStep | null; side: string }) {
  if (step === null) return <td className="text-ink-10">not in {side}</td>
  if (step.state === null) return <td />
  return (
    <td>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <LightShape light={LIGHT[step.state] ?? "silent"} size={12} />
        {step.state.replaceAll("_", " ")}
        {step.attempts > 1 ? <span className="text-ink-10">×{step.attempts}</span> : null}
      </span>
    </td>
  )
}
