"use client"

import type { ReactNode } from "react"
import { tokensOf, tookOf } from "@/components/compare/differences"
import { CountDifference, MoneyDifference, Time, TimeDifference } from "@/components/compare/figures"
import { useScope } from "@/components/frame/project"
import { Cost, Count, When } from "@/components/ui/figures"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { ComparedRun } from "@/lib/contracts/compare"
import { shortenMiddle } from "@/lib/format"
import { reasonOf } from "@/lib/run-reason"

type Fact = {
  word: string
  a: ReactNode
  b: ReactNode
  difference?: ReactNode
  isSame: boolean
  /** Neither run says it: then it is no fact of theirs. */
  isAbsent?: boolean
}

/** The runs themselves, fact by fact; what is the same is written paler. */
export function FactsTable({ a, b, isOnlyDifferent }: { a: ComparedRun; b: ComparedRun; isOnlyDifferent: boolean }) {
  const { project } = useScope()
  const facts = [...textFacts(a, b), ...figureFacts(a, b, project.currency)]
  const shown = isOnlyDifferent ? facts.filter(({ isSame }) => !isSame) : facts
  if (shown.length === 0) return <p className="p-4 text-ink-11">The two runs have the same facts.</p>
  return (
    <ScrollBox label="Facts of both">
      <table className="table compare-facts">
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col" className="num">
              B against A
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((fact) => (
            <tr key={fact.word} data-same={fact.isSame || undefined}>
              <th scope="row" className="row-head">
                {fact.word}
              </th>
              <td>{fact.a}</td>
              <td>{fact.b}</td>
              <td className="num">{fact.difference ?? (fact.isSame ? "=" : "differs")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  )
}

function textFacts(a: ComparedRun, b: ComparedRun): Fact[] {
  const fact = (word: string, of: (side: ComparedRun) => string | null): Fact => {
    const [left, right] = [of(a), of(b)]
    return {
      word,
      a: <Text value={left} />,
      b: <Text value={right} />,
      isSame: left === right,
      isAbsent: left === null && right === null,
    }
  }
  const tags = [...new Set([...Object.keys(a.run.tags), ...Object.keys(b.run.tags)])].sort()
  return [
    fact("Status", ({ run }) => run.status),
    fact("Proof", ({ run }) => run.proof),
    fact("Why", ({ run }) => reasonOf(run).text),
    fact("Hold", ({ run }) => run.hold),
    fact("Workflow", ({ run }) => run.workflow),
    fact("Release", ({ run }) => run.release),
    fact("Environment", ({ run }) => run.environment),
    fact("Agent", ({ run }) => run.agent),
    ...tags.map((key) =>
      fact(`Tag ${key}`, ({ run }) => (Object.hasOwn(run.tags, key) ? (run.tags[key] ?? null) : null)),
    ),
    fact("Output", ({ run }) => run.output_sha256),
  ].filter(({ isAbsent }) => !isAbsent)
}

function figureFacts(a: ComparedRun, b: ComparedRun, currency: string): Fact[] {
  const [tookA, tookB] = [tookOf(a), tookOf(b)]
  const count = (word: string, of: (side: ComparedRun) => number): Fact => ({
    word,
    a: <Count value={of(a)} />,
    b: <Count value={of(b)} />,
    difference: <CountDifference a={of(a)} b={of(b)} />,
    isSame: of(a) === of(b),
  })
  return [
    {
      word: "Cost",
      a: <Cost value={a.run.cost} currency={currency} />,
      b: <Cost value={b.run.cost} currency={currency} />,
      difference: <MoneyDifference a={a.run.cost} b={b.run.cost} currency={currency} />,
      isSame: a.run.cost === b.run.cost,
    },
    count("Calls without a price", ({ run }) => run.unpriced_calls),
    {
      word: "Took",
      a: tookA === null ? "not ended" : <Time ms={tookA} />,
      b: tookB === null ? "not ended" : <Time ms={tookB} />,
      difference: <TimeDifference a={tookA} b={tookB} />,
      isSame: tookA === tookB,
    },
    {
      word: "Started",
      a: <When at={a.run.started_at} />,
      b: <When at={b.run.started_at} />,
      difference: <TimeDifference a={Date.parse(a.run.started_at)} b={Date.parse(b.run.started_at)} />,
      isSame: a.run.started_at === b.run.started_at,
    },
    count("Tokens", ({ run }) => tokensOf(run.tokens)),
    count("Calls", ({ run }) => run.calls),
    count("Spans", ({ run }) => run.spans),
    count("Errors", ({ run }) => run.errors),
  ]
}

function Text({ value }: { value: string | null }) {
  if (value === null) return <span className="text-ink-9">–</span>
  if (/^sha256:/.test(value))
    return (
      <code className="compare-text" title={value}>
        {shortenMiddle(value, 24)}
      </code>
    )
  return (
    <span className="compare-text" title={value}>
      {value === "" ? '""' : value}
    </span>
  )
}
