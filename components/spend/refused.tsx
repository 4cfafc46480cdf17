"use client"

import { RequestError } from "@/components/data/http"
import { Centered } from "@/components/ui/panel"
import type { Filters } from "@/lib/filters"

export type Refusal = { message: string; field: string | null }

/** What the server refuses about the address itself: trying again would not help, another choice does. */
export function refusalOf(error: Error | null): Refusal | null {
  return error instanceof RequestError && ["invalid_filter", "range_too_large"].includes(error.code) ? error : null
}

/** Why nothing is shown, with the ways out beside it. */
export function Refused({ refusal, change }: { refusal: Refusal; change: (change: Partial<Filters>) => void }) {
  const isPerRun =
    refusal.field !== "grain" && refusal.field !== "from" && refusal.field !== "to" && refusal.field !== "tz"
  return (
    <section className="panel" role="alert" aria-label="Not shown">
      <div className="flex min-h-[336px] flex-col">
        <Centered>
          <h1 className="text-title">This cannot be drawn</h1>
          <p className="text-ink-11">{refusal.message}</p>
          <div className="flex flex-wrap gap-2">
            {refusal.field === "grain" ? (
              <button type="button" className="button" onClick={() => change({ grain: null })}>
                Choose the bars by the range
              </button>
            ) : null}
            {isPerRun ? (
              <>
                <button type="button" className="button" onClick={() => change({ shape: "bars" })}>
                  Show each bucket
                </button>
                <button
                  type="button"
                  className="button"
                  onClick={() => change({ by: ["workflow"], dimensions: {}, shape: "per_run" })}
                >
                  Per run by workflow
                </button>
              </>
            ) : null}
            <button
              type="button"
              className="button button-quiet"
              onClick={() => change({ last: "30d", from: null, to: null, tz: null, grain: null, shape: "bars" })}
            >
              Show the last 30 days
            </button>
          </div>
        </Centered>
      </div>
    </section>
  )
}
