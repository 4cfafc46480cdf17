"use client"

import { inProject } from "@/components/data/http"
import { useScope } from "@/components/frame/project"
import { Link } from "@/components/ui/link"

/** Says of a demo project that its data is made up; leads an administrator to where it is removed. */
export function DemoMark() {
  const { project } = useScope()
  if (!project.isDemo) return null
  const title = "Made-up data. Nothing here happened."
  if (project.role !== "admin")
    return (
      <span className="demo-mark" title={title}>
        <Words />
      </span>
    )
  return (
    <Link
      className="demo-mark"
      href={inProject("/settings/demo", project.slug)}
      prefetch={false}
      title={`${title} It is removed under Settings, Demo data.`}
    >
      <Words />
    </Link>
  )
}

/** A phone has room for one of the two. */
const Words = () => (
  <>
    Demo<span className="max-md:sr-only"> data</span>
  </>
)
