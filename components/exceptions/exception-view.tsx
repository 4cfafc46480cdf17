"use client"

import { useQuery } from "@tanstack/react-query"
import { useSearchParams } from "next/navigation"
import { useEffect, useRef } from "react"
import { exceptionQuery } from "@/components/data/exceptions"
import { withQuery } from "@/components/data/http"
import { ActButtons } from "@/components/exceptions/act-buttons"
import { pressActKey } from "@/components/exceptions/act-keys"
import { Evidence, EvidencePlace } from "@/components/exceptions/evidence"
import { ExceptionFacts } from "@/components/exceptions/exception-facts"
import { ExceptionFindings } from "@/components/exceptions/exception-findings"
import { ExceptionLog } from "@/components/exceptions/exception-log"
import { ExceptionRuns } from "@/components/exceptions/exception-runs"
import { ageOf } from "@/components/exceptions/sentence"
import { Siblings } from "@/components/exceptions/siblings"
import { Where } from "@/components/exceptions/where"
import { lightOf } from "@/components/exceptions/words"
import { HeldLines } from "@/components/frame/held-lines"
import { useScope } from "@/components/frame/project"
import { RunActsOf } from "@/components/frame/run-acts"
import { useClock } from "@/components/ui/clock"
import { Cost } from "@/components/ui/figures"
import { Icon } from "@/components/ui/icon"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { Failure } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"
import { formatExact } from "@/lib/format"

/** One exception: why it stopped, its evidence, its runs and everything that people did about it. */
export function ExceptionView({ id, from }: { id: string; from: "halted" | "exceptions" }) {
  const { slug, project } = useScope()
  const { now, zone } = useClock()
  const params = useSearchParams()
  const query = useQuery(exceptionQuery(slug, id))
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog:modal")) return
      if (box.current && pressActKey(event, box.current)) event.preventDefault()
    }
    window.addEventListener("keydown", onKey)
    return () => window.removeEventListener("keydown", onKey)
  }, [])
  const { data } = query
  if (!data)
    return query.error ? (
      <Failure what="This exception" error={query.error} retry={() => void query.refetch()} />
    ) : (
      <div className="skeleton h-6 w-2/3" />
    )
  const { light, word } = lightOf(data.kind, data.state)
  const back = new URLSearchParams(slug === null ? {} : { project: slug })
  const timeZone = params.get("tz")
  if (timeZone !== null) back.set("tz", timeZone)
  return (
    <>
      <nav aria-label="Where this is">
        <Link
          href={withQuery(from === "halted" ? "/halted" : "/exceptions", back.toString())}
          className="link inline-flex items-center gap-1 text-table"
        >
          <Icon name="left" size={14} /> {from === "halted" ? "Halted" : "Exceptions"}
        </Link>
      </nav>
      <section ref={box} className="panel exception-head" aria-label="Exception">
        <div className="flex min-w-0 grow flex-col gap-1">
          <p className="flex flex-wrap items-center gap-x-4 text-table">
            <Light light={light}>{word}</Light>
            <span className="text-ink-11" title={`since ${formatExact(data.first_seen_at, zone)}`}>
              {ageOf(data.first_seen_at, now)}
            </span>
            {data.spend === null || data.latest?.run_id === "" ? null : (
              <a href="#runs" className="link font-strong">
                <Cost value={data.spend.cost} currency={project.currency} />
              </a>
            )}
            <span className="text-ink-10">number {data.id}</span>
          </p>
          <h1 className="text-title wrap-anywhere">
            <Where kind={data.kind} workflow={data.workflow} step={data.step} />
          </h1>
          <ScrollBox label="Reason" className="exception-reason-whole">
            <bdi>{data.reason ?? "No reason was given."}</bdi>
          </ScrollBox>
          {data.latest?.run_id === "" ? (
            <p>
              <EvidencePlace exception={data} />
            </p>
          ) : null}
          {data.latest?.run?.last ? (
            <p>
              <Evidence run={data.latest} />
            </p>
          ) : null}
          {data.kind === "line_stop" && data.workflow !== null ? <HeldLines only={data.workflow} /> : null}
          {data.latest?.run && data.kind !== "halt" ? <RunActsOf run={data.latest.run_id} /> : null}
        </div>
        <ActButtons exception={data} />
        <ExceptionFacts exception={data} />
      </section>
      {data.latest?.run ? <ExceptionFindings run={data.latest.run_id} said={data.reason} /> : null}
      <ExceptionRuns exception={data} />
      <div className="exception-columns">
        <ExceptionLog query={query} />
        <Siblings query={query} />
      </div>
    </>
  )
}
