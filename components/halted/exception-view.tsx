"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useSearchParams } from "next/navigation"
import { useEffect, useRef } from "react"
import { exceptionQuery } from "@/components/data/exceptions"
import { withQuery } from "@/components/data/http"
import { useScope } from "@/components/frame/project"
import { ActButtons } from "@/components/halted/act-buttons"
import { pressActKey } from "@/components/halted/act-keys"
import { Evidence } from "@/components/halted/evidence"
import { ExceptionFacts } from "@/components/halted/exception-facts"
import { ExceptionLog } from "@/components/halted/exception-log"
import { ExceptionRuns } from "@/components/halted/exception-runs"
import { Siblings } from "@/components/halted/siblings"
import { Where } from "@/components/halted/where"
import { STATE_LIGHT } from "@/components/halted/words"
import { Icon } from "@/components/ui/icon"
import { Light } from "@/components/ui/light"
import { Failure } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"

/** One exception: why it stopped, its evidence, its runs and everything that people did about it. */
export function ExceptionView({ id }: { id: string }) {
  const { slug } = useScope()
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
  const { light, word } = STATE_LIGHT[data.state]
  const back = new URLSearchParams(slug === null ? {} : { project: slug })
  const timeZone = params.get("tz")
  if (timeZone !== null) back.set("tz", timeZone)
  return (
    <>
      <nav aria-label="Where this is">
        <Link href={withQuery("/halted", back.toString())} className="link inline-flex items-center gap-1 text-table">
          <Icon name="left" size={14} /> Halted
        </Link>
      </nav>
      <section ref={box} className="panel exception-head" aria-label="Exception">
        <div className="flex min-w-0 grow flex-col gap-1">
          <p className="flex flex-wrap items-center gap-x-4 text-table">
            <Light light={light}>{word}</Light>
            <span className="text-ink-10">number {data.id}</span>
          </p>
          <h1 className="text-title wrap-anywhere">
            <Where workflow={data.workflow} step={data.step} />
          </h1>
          <ScrollBox label="Reason" className="exception-reason-whole">
            <bdi>{data.reason ?? "No reason was given."}</bdi>
          </ScrollBox>
          {data.latest?.run?.last ? (
            <p>
              <Evidence run={data.latest} />
            </p>
          ) : null}
        </div>
        <ActButtons exception={data} />
        <ExceptionFacts exception={data} />
      </section>
      <ExceptionRuns exception={data} />
      <div className="exception-columns">
        <ExceptionLog query={query} />
        <Siblings query={query} />
      </div>
    </>
  )
}
