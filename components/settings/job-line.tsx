"use client"

import type { ReactNode } from "react"
import { When } from "@/components/ui/figures"
import type { Job } from "@/lib/contracts/settings"
import { formatCount } from "@/lib/format"

/** Long work of the server, how far it is and what came of it; keeps its height. */
export function JobLine({ job, unit, children }: { job: Job; unit: string; children?: ReactNode }) {
  const isRunning = job.state === "running"
  const share = job.total === null || job.total === 0 ? null : Math.min(1, job.done / job.total)
  return (
    <div className="flex min-h-14 flex-col justify-center gap-1">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <strong className="break-words">{job.title}</strong>
        <span role="status" className={job.state === "failed" ? "text-halted" : "text-ink-11"}>
          {isRunning ? (share === null ? "starting" : `${Math.floor(share * 100)} %`) : (job.message ?? job.state)}
        </span>
        <span className="text-label text-ink-10">
          {isRunning ? (
            job.total === null ? null : (
              <>
                {formatCount(job.done)} of about {formatCount(job.total)} {unit}
              </>
            )
          ) : job.finished_at ? (
            <When at={job.finished_at} isRelative />
          ) : null}
        </span>
        {isRunning ? children : null}
      </p>
      {isRunning ? (
        <progress className="progress" aria-label={job.title} {...(share === null ? {} : { value: share, max: 1 })} />
      ) : null}
    </div>
  )
}
