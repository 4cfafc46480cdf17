"use client"

import { useQuery } from "@tanstack/react-query"
import { CompareForm } from "@/components/compare/compare-form"
import { comparisonSentence } from "@/components/compare/differences"
import { FactsTable } from "@/components/compare/facts-table"
import { PartsTables } from "@/components/compare/parts-tables"
import { StepsTable } from "@/components/compare/steps-table"
import { compareQuery } from "@/components/data/compare"
import { traceHref } from "@/components/data/href"
import { compareHref } from "@/components/data/href-run"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { Icon } from "@/components/ui/icon"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { Panel } from "@/components/ui/panel"
import type { ComparedRun } from "@/lib/contracts/compare"
import { shortenMiddle } from "@/lib/format"
import { runLight, runWord } from "@/lib/lights"

/** Two runs side by side: what differs first, then everything. */
export function CompareView({ a, b }: { a: string; b: string }) {
  const { slug, project } = useScope()
  const [only, setOnly] = useParam("only")
  const query = useQuery(compareQuery(slug, a, b))
  const data = query.data
  const missing = data ? [data.a === null ? a : null, data.b === null ? b : null].filter((id) => id !== null) : []
  const isOnlyDifferent = only === "differences"
  return (
    <>
      <h1 className="text-title break-words">
        {data?.a && data.b ? comparisonSentence(data.a, data.b, project.currency) : "Two runs side by side"}
      </h1>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Link href={compareHref(slug, b, a)} className="button" prefetch={false}>
          Swap A and B
        </Link>
        <label className="flex items-center gap-2 text-table">
          <input
            type="checkbox"
            checked={isOnlyDifferent}
            onChange={() => setOnly(isOnlyDifferent ? null : "differences")}
          />
          Only what differs
        </label>
      </div>
      <Panel
        title="Runs"
        query={query}
        minHeight={320}
        isEmpty={() => missing.length > 0}
        empty={<Missing missing={missing} a={a} b={b} />}
      >
        {({ a: one, b: two }) =>
          one && two ? (
            <>
              <div className="compare-heads">
                <Head side="A" of={one} project={slug} />
                <Head side="B" of={two} project={slug} />
              </div>
              <FactsTable a={one} b={two} isOnlyDifferent={isOnlyDifferent} />
            </>
          ) : null
        }
      </Panel>
      {data?.a && data.b ? (
        <>
          <StepsTable a={data.a} b={data.b} isOnlyDifferent={isOnlyDifferent} />
          <PartsTables a={data.a} b={data.b} isOnlyDifferent={isOnlyDifferent} />
        </>
      ) : null}
    </>
  )
}

function Head({ side, of, project }: { side: string; of: ComparedRun; project: string | null }) {
  return (
    <div className="min-w-0">
      <span className="flex min-w-0 items-center gap-2">
        <span className="compare-side">{side}</span>
        <Link href={traceHref(project, of.run.id)} className="row-link" title={of.run.id} prefetch={false}>
          <code>{shortenMiddle(of.run.id, 32)}</code>
        </Link>
        <Icon name="right" size={12} />
      </span>
      <Light light={runLight(of.run)}>{runWord(of.run)}</Light>
    </div>
  )
}

function Missing({ missing, a, b }: { missing: readonly string[]; a: string; b: string }) {
  return (
    <>
      <p role="alert" className="break-words">
        {missing.length === 2 && a !== b ? "Neither run is in this project: " : "This run is not in this project: "}
        {[...new Set(missing)].map((id, i) => (
          <span key={id}>
            {i > 0 ? ", " : null}
            <code>{shortenMiddle(id, 48)}</code>
          </span>
        ))}
        .
      </p>
      <p className="text-ink-11">
        It may be another project’s, older than what is kept, or its first event has not arrived yet.
      </p>
      <CompareForm a={missing.includes(a) ? "" : a} b={missing.includes(b) ? "" : b} />
    </>
  )
}
