"use client"

import type { ReactNode } from "react"
import { Cells } from "@/components/board/cells"
import { LineState } from "@/components/board/line-state"
import { callsHref, haltedHref, resultsHref, runsHref } from "@/components/board/links"
import { bandWords } from "@/components/board/words"
import { SpendSparkline } from "@/components/charts/sparkline"
import { policyHref } from "@/components/data/href-policy"
import { useClock } from "@/components/ui/clock"
import { Cost } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { BoardStation } from "@/lib/contracts/board"
import { valueLabel } from "@/lib/dimension-words"
import type { Filters } from "@/lib/filters"
import { formatCount, formatDuration, formatShare, keepUnits, plural } from "@/lib/format"
import type { LightName } from "@/lib/lights"

/** The light of a station: the first that holds of halted, failed, alarm, unproven, running, verified, unchecked. */
export function stationLight({ need, today }: Pick<BoardStation, "need" | "today">): LightName {
  if (need === "halted") return "halted"
  if (today.failed > 0) return "failed"
  if (need === "alarm") return "alarm"
  if (today.unproven > 0) return "unproven"
  if (today.running > 0) return "running"
  if (today.verified > 0) return "verified"
  return today.unchecked > 0 ? "unchecked" : "silent"
}

export const stationName = (station: Pick<BoardStation, "workflow">): string => valueLabel("workflow", station.workflow)

type StationProps = { station: BoardStation; filters: Filters; currency: string }

export function Station({ station, filters, currency }: StationProps) {
  const light = stationLight(station)
  const name = stationName(station)
  const own = { workflow: [station.workflow] }
  const { today, spend } = station
  return (
    <li className="station" data-row>
      <div className="station-name">
        <LightShape light={light} size={16} />
        <span className="min-w-0">
          <Link href={runsHref(filters, {}, own)} prefetch={false} className="row-link block font-strong" title={name}>
            {name}
          </Link>
          <span className="flex flex-wrap items-center gap-x-2 text-label text-ink-11">
            {light}
            {station.workflow === null ? null : (
              <>
                <LineState workflow={station.workflow} />
                <Link
                  href={policyHref(filters.project, station.workflow)}
                  prefetch={false}
                  className="link line-act inline-flex items-center"
                  data-state="live"
                >
                  Policy
                  <span className="sr-only"> of {name}</span>
                </Link>
              </>
            )}
          </span>
        </span>
      </div>
      <div className="station-needs">
        <Needs station={station} filters={filters} />
      </div>
      <div className="station-cells">
        <Cells cells={station.cells} runs={today.runs} project={filters.project} currency={currency} name={name} />
      </div>
      <div className="station-proof">
        {today.claimed > 0 ? (
          <Link
            href={runsHref(filters, { proof: ["verified"] }, own)}
            prefetch={false}
            className="link-quiet"
            title={`${plural(today.verified, "proven run")} of ${formatCount(today.claimed)} that claim success`}
          >
            {formatShare(today.verified, today.claimed)}
            <span className="block text-label text-ink-10">
              {formatCount(today.verified)} of {formatCount(today.claimed)} proven
            </span>
          </Link>
        ) : (
          <span className="text-ink-10" title="No run of today claims success">
            –
          </span>
        )}
      </div>
      <div className="station-spend">
        <SpendSparkline
          days={spend.days}
          today={spend.today}
          band={spend.band}
          caption={bandWords(station, currency)}
        />
        <Link href={callsHref(filters, {}, own)} prefetch={false} className="link-quiet">
          <Cost value={spend.today} currency={currency} />
        </Link>
      </div>
    </li>
  )
}

/** What a person should do something about, each with the way there. */
export function Needs({ station, filters }: Pick<StationProps, "station" | "filters">) {
  const { now } = useClock()
  const own = { workflow: [station.workflow] }
  const { halted, today, checks, spend } = station
  const needs: [string, string | null, ReactNode][] = []
  if (halted.runs > 0) {
    const age = halted.oldest_at === null ? null : formatDuration(Math.max(0, now - Date.parse(halted.oldest_at)))
    needs.push([
      "halted",
      haltedHref(filters, own),
      keepUnits(
        `${formatCount(halted.runs)} halted${age === null ? "" : `, ${halted.runs > 1 ? "oldest " : ""}${age}`}`,
      ),
    ])
  }
  if (today.failed > 0)
    needs.push(["failed", runsHref(filters, { proof: ["failed"] }, own), `${formatCount(today.failed)} failed`])
  if (today.unproven > 0)
    needs.push(["unproven", runsHref(filters, { proof: ["unproven"] }, own), `${formatCount(today.unproven)} unproven`])
  if (checks.broken > 0)
    needs.push(["broken", resultsHref(filters, ["error"], own), `${plural(checks.broken, "check")} could not be run`])
  if (station.need === "alarm" && checks.broken === 0)
    needs.push(["spend", callsHref(filters, {}, own), `spend above each of the last ${spend.band?.days ?? 0} days`])
  if (spend.unpriced_calls > 0)
    needs.push([
      "unpriced",
      callsHref(filters, { unpriced: true }, own),
      `${plural(spend.unpriced_calls, "call")} unpriced`,
    ])
  if (needs.length === 0) return <span className="text-ink-10">nothing</span>
  return (
    <ul className="flex flex-wrap gap-x-3">
      {needs.map(([key, href, words]) => (
        <li key={key}>
          {href === null ? (
            words
          ) : (
            <Link href={href} prefetch={false} className="link">
              {words}
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}
