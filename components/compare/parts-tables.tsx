"use client"

import { MoneyDifference } from "@/components/compare/figures"
import { useScope } from "@/components/frame/project"
import { Cost, Count } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { ScrollBox } from "@/components/ui/scroll-box"
import type { ComparedCheck, ComparedModel, ComparedRun } from "@/lib/contracts/compare"
import { VERDICT_LIGHT } from "@/lib/lights"
import { VERDICTS } from "@/lib/vocabulary"

type Props = { a: ComparedRun; b: ComparedRun; isOnlyDifferent: boolean }

/** What both runs called, and what their checks said. */
export function PartsTables(props: Props) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Models {...props} />
      <Checks {...props} />
    </div>
  )
}

const modelName = ({ provider, model }: ComparedModel) => `${provider ?? "no provider"} · ${model ?? "no model"}`

function Models({ a, b, isOnlyDifferent }: Props) {
  const { project } = useScope()
  const lines = pair(a.models, b.models, modelName).filter(
    ([, left, right]) => !isOnlyDifferent || left?.cost !== right?.cost || left?.calls !== right?.calls,
  )
  return (
    <Part
      title="Models"
      empty="No call to compare."
      isEmpty={lines.length === 0}
      heads={["Model", "Cost A", "Cost B", "B−A", "Calls A", "Calls B"]}
    >
      {lines.map(([name, left, right]) => (
        <tr key={name}>
          <th scope="row" className="row-head">
            <span className="compare-text" title={name}>
              {name}
            </span>
          </th>
          <td className="num">{left ? <Cost value={left.cost} currency={project.currency} /> : "–"}</td>
          <td className="num">{right ? <Cost value={right.cost} currency={project.currency} /> : "–"}</td>
          <td className="num compare-difference">
            <MoneyDifference a={left ? left.cost : "0"} b={right ? right.cost : "0"} currency={project.currency} />
          </td>
          <td className="num">
            <Count value={left?.calls ?? 0} />
          </td>
          <td className="num">
            <Count value={right?.calls ?? 0} />
          </td>
        </tr>
      ))}
    </Part>
  )
}

function Checks({ a, b, isOnlyDifferent }: Props) {
  const lines = pair(a.checks, b.checks, ({ check }) => check).filter(
    ([, left, right]) => !isOnlyDifferent || left?.outcome !== right?.outcome || left?.score !== right?.score,
  )
  return (
    <Part
      title="Checks"
      empty="No check to compare."
      isEmpty={lines.length === 0}
      heads={["Check", "A", "Score A", "B", "Score B"]}
    >
      {lines.map(([name, left, right]) => (
        <tr key={name}>
          <th scope="row" className="row-head">
            <span className="compare-text" title={name}>
              {name}
            </span>
          </th>
          <Verdict of={left} />
          <td className="num">{left?.score ?? "–"}</td>
          <Verdict of={right} />
          <td className="num">{right?.score ?? "–"}</td>
        </tr>
      ))}
    </Part>
  )
}

function Verdict({ of }: { of: ComparedCheck | null }) {
  const verdict = VERDICTS.find((word) => word === of?.outcome)
  if (verdict) {
    const { light, word } = VERDICT_LIGHT[verdict]
    return (
      <td>
        <Light light={light}>{word}</Light>
      </td>
    )
  }
  return <td className="text-ink-10">{of?.is_required ? "required, no result" : "not run"}</td>
}

type PartProps = { title: string; heads: readonly string[]; isEmpty: boolean; empty: string; children: React.ReactNode }

function Part({ title, heads, isEmpty, empty, children }: PartProps) {
  return (
    <section className="panel min-w-0" aria-label={title}>
      <header className="flex min-h-11 items-center border-b border-line px-4">
        <h2 className="text-body">{title}</h2>
      </header>
      {isEmpty ? (
        <p className="p-4 text-ink-11">{empty}</p>
      ) : (
        <ScrollBox label={`${title} of both`}>
          <table className="table compare-parts">
            <thead>
              <tr>
                {heads.map((head, i) => (
                  <th key={head} scope="col" className={i === 0 || head.length === 1 ? undefined : "num"}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  )
}

/** Items of both by name, in the order of A, then what only B has. */
function pair<T>(a: readonly T[], b: readonly T[], nameOf: (item: T) => string): [string, T | null, T | null][] {
  const [left, right] = [new Map(a.map((item) => [nameOf(item), item])), new Map(b.map((item) => [nameOf(item), item]))]
  return [...new Set([...left.keys(), ...right.keys()])].map((name) => [
    name,
    left.get(name) ?? null,
    right.get(name) ?? null,
  ])
}
