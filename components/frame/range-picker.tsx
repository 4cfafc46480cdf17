"use client"

import { usePathname } from "next/navigation"
import { useState } from "react"
import { pushAddress } from "@/components/data/href"
import { withQuery } from "@/components/data/http"
import { useAddress } from "@/components/data/use-address"
import { defaultLast } from "@/components/frame/pages"
import { useScope } from "@/components/frame/project"
import { MORE_PRESETS, PRESETS, rangeLabel } from "@/components/frame/range-words"
import { useClock } from "@/components/ui/clock"
import { Icon } from "@/components/ui/icon"
import { later } from "@/components/ui/later"
import { Popover } from "@/components/ui/popover"
import { Sheet } from "@/components/ui/sheet"

// Fetched when they are opened: most readers of a page never do.
const RangeChoices = later(() => import("@/components/frame/range-choices").then((module) => module.RangeChoices))
const ZoneChoices = later(() => import("@/components/frame/zone-choices").then((module) => module.ZoneChoices))

/** Range and zone of the page, side by side: what a day is depends on both. On a phone one button and a sheet. */
export function RangePicker() {
  const path = usePathname()
  const [params] = useAddress()
  const { now, zone } = useClock()
  const { project } = useScope()
  const [isSheetOpen, setIsSheetOpen] = useState(false)
  const otherwise = defaultLast(path)
  const from = params.get("from")
  const to = params.get("to")
  const last = from ? null : (params.get("last") ?? otherwise)

  const write = (taken: readonly string[], given: Record<string, string>) => {
    const next = new URLSearchParams(params)
    for (const name of [...taken, "cursor", "span"]) next.delete(name)
    for (const [name, value] of Object.entries(given)) next.set(name, value)
    next.sort()
    // Shown with the router, not at once: a range changes every chart, and to draw them all twice took the new data of Verifications from 196 to 298 ms (95 %).
    pushAddress(withQuery(path, next.toString()))
  }
  const writeRange = (range: Record<string, string>) => write(["last", "from", "to"], range)
  const writeZone = (wanted: string | null) => write(["tz"], wanted === null ? {} : { tz: wanted })
  const label = otherwise === null ? null : rangeLabel(params, otherwise, zone, now)
  const inBar = PRESETS.some(([value]) => value === last)
  const range = { last, from, to, zone }
  // The region leaves no room for the name of the project; the whole zone is in the title.
  const place = zone.split("/").at(-1)?.replaceAll("_", " ")
  return (
    <>
      <div className="flex items-center gap-2 max-md:hidden">
        {otherwise === null ? null : (
          <>
            {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row with a legend */}
            <div role="group" aria-label="Range" className="segments max-xl:hidden">
              {PRESETS.map(([value, word]) => (
                <button
                  key={value}
                  type="button"
                  aria-pressed={last === value}
                  onClick={() => writeRange({ last: value })}
                >
                  {word}
                </button>
              ))}
            </div>
            <Popover
              label={inBar ? "More ranges" : `Range: ${label}`}
              summary={
                <>
                  <span className={inBar ? "xl:hidden" : "max-w-48 truncate"}>{label}</span>
                  {inBar ? <span className="max-xl:hidden">More</span> : null}
                  <Icon name="down" size={12} />
                </>
              }
            >
              {(close) => (
                <div className="w-72">
                  <RangeChoices
                    {...range}
                    presets={[...PRESETS, ...MORE_PRESETS]}
                    write={(wanted) => {
                      writeRange(wanted)
                      close()
                    }}
                  />
                </div>
              )}
            </Popover>
          </>
        )}
        <Popover
          label={`Zone: ${zone}`}
          buttonClass="button button-quiet"
          summary={
            <>
              <Icon name="zone" size={14} />
              <span className="max-w-36 truncate">{place}</span>
            </>
          }
        >
          {(close) => (
            <div className="w-72">
              <ZoneChoices
                zone={zone}
                projectZone={project.zone}
                write={(wanted) => {
                  writeZone(wanted)
                  close()
                }}
              />
            </div>
          )}
        </Popover>
      </div>
      <button
        type="button"
        className="range-button md:hidden"
        aria-haspopup="dialog"
        title={zone}
        onClick={() => setIsSheetOpen(true)}
      >
        <span className="range-words">
          <span className="truncate">{label ?? "Zone"}</span>
          <small className="range-zone truncate">{place}</small>
        </span>
        <Icon name="down" size={12} />
      </button>
      <Sheet
        title={otherwise === null ? "Zone" : "Range and zone"}
        open={isSheetOpen}
        onClose={() => setIsSheetOpen(false)}
      >
        {otherwise === null ? null : (
          <RangeChoices
            {...range}
            presets={[...PRESETS, ...MORE_PRESETS]}
            write={(wanted) => {
              writeRange(wanted)
              setIsSheetOpen(false)
            }}
          />
        )}
        <h3 className="border-t border-line px-3 pt-3 text-label text-ink-10">Zone</h3>
        <ZoneChoices
          zone={zone}
          projectZone={project.zone}
          write={(wanted) => {
            writeZone(wanted)
            setIsSheetOpen(false)
          }}
        />
      </Sheet>
    </>
  )
}
