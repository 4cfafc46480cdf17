"use client"

import { useQuery } from "@tanstack/react-query"
import { alertsHealthQuery, alertsHref } from "@/components/data/alerts-health"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { plural } from "@/lib/format"

/** Says that somebody who relies on being told is not: a queue that nobody is called to is read only by chance. */
export function AlertsStrip() {
  const { slug, project } = useScope()
  const { data } = useQuery(alertsHealthQuery(slug))
  const [worst] = data?.failing ?? []
  if (!data || !worst) return null
  const others = data.failing.length - 1
  return (
    <p role="status" className="panel flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2 text-table">
      <Light light={worst.is_disabled ? "failed" : "alarm"}>{worst.is_disabled ? "disabled" : "failing"}</Light>
      <span className="min-w-0 wrap-anywhere">
        {worst.is_disabled ? "Nothing is sent to " : "Alerts to "}
        <bdi className="font-strong">{worst.name}</bdi>
        {worst.is_disabled ? " since " : " have failed since "}
        <When at={worst.since} />
        {worst.reason === null ? "." : `: ${worst.reason.replace(/\.$/, "")}.`}
        {others === 0 ? "" : ` So it is with ${plural(others, "other")}.`}
      </span>
      {project.role === "admin" ? (
        <Link className="link" href={alertsHref(slug)} prefetch={false}>
          Channels
        </Link>
      ) : null}
    </p>
  )
}
