"use client"

import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { SpanPanel } from "@/components/trace/span-panel"

/** The span that the address names, when it belongs to no run and so has no trace to be shown in. */
export function OpenSpan() {
  const { project } = useScope()
  const [selected, select] = useParam("span")
  if (selected === null) return null
  return <SpanPanel run={null} span={selected} currency={project.currency} close={() => select(null)} />
}
