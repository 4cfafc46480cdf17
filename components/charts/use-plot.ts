"use client"

import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react"
import type { PlotBucket, PlotModel } from "@/components/charts/prepare/plot"

export type PlotHandlers<B extends PlotBucket> = {
  /** Opens what is behind one mark, or behind the whole bucket. */
  onOpen: (bucket: B, seriesId: string | null) => void
  /** Makes the range that of some buckets. */
  onZoom: (from: string, to: string) => void
}
type Drag = { from: number; wasActive: boolean }

/**
 * The hand over the plot. Pointer: rest on a mark to read it, press to open it, drag over buckets to zoom; a finger reads first and opens with the
 * second touch. Keys: arrows walk over buckets and series, with shift they mark buckets, Enter zooms to what is marked or opens, Escape lets go.
 */
export function usePlot<B extends PlotBucket>(
  box: HTMLElement | null,
  model: PlotModel<B>,
  { onOpen, onZoom }: PlotHandlers<B>,
) {
  const [place, setPlace] = useState<{ active: number | null; seriesId: string | null }>({
    active: null,
    seriesId: null,
  })
  const [anchor, setAnchor] = useState<number | null>(null)
  const drag = useRef<Drag | null>(null)
  const { buckets } = model
  const last = buckets.length - 1
  const active = place.active === null ? null : Math.min(place.active, last)
  const selection: [number, number] | null =
    anchor === null || active === null || anchor === active
      ? null
      : [Math.min(anchor, active), Math.max(anchor, active)]

  const under = (event: PointerEvent): { active: number; seriesId: string | null } | null => {
    if (!box || last < 0) return null
    const area = box.getBoundingClientRect()
    const index = Math.min(last, Math.max(0, Math.floor(((event.clientX - area.left) / area.width) * buckets.length)))
    return { active: index, seriesId: seriesAt(model, index, 1 - (event.clientY - area.top) / area.height) }
  }
  const letGo = () => {
    drag.current = null
    setAnchor(null)
  }
  const zoom = (range: [number, number]) => {
    const [first, final] = [buckets[range[0]], buckets[range[1]]]
    letGo()
    setPlace({ active: null, seriesId: null })
    if (first && final) onZoom(first.at, final.until)
  }
  const open = () => {
    const bucket = active === null ? undefined : buckets[active]
    if (bucket) onOpen(bucket, place.seriesId)
  }

  return {
    active,
    seriesId: place.seriesId,
    selection,
    handlers: {
      onPointerMove(event: PointerEvent) {
        const next = under(event)
        if (next) setPlace(next)
      },
      onPointerDown(event: PointerEvent) {
        const next = under(event)
        if (!next || event.button !== 0) return
        drag.current = { from: next.active, wasActive: event.pointerType !== "touch" || next.active === active }
        setPlace(next)
        setAnchor(next.active)
        if (event.pointerType !== "touch") event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerUp(event: PointerEvent) {
        const began = drag.current
        const next = under(event)
        letGo()
        if (!began || !next) return
        if (began.from !== next.active) zoom([Math.min(began.from, next.active), Math.max(began.from, next.active)])
        else if (began.wasActive) {
          const bucket = buckets[next.active]
          if (bucket && next.seriesId !== null) onOpen(bucket, next.seriesId)
        }
      },
      onPointerCancel: letGo,
      onPointerLeave(event: PointerEvent) {
        if (event.pointerType !== "touch" && drag.current === null) setPlace({ active: null, seriesId: null })
      },
      onBlur() {
        letGo()
        setPlace({ active: null, seriesId: null })
      },
      onKeyDown(event: KeyboardEvent) {
        if (event.metaKey || event.ctrlKey || event.altKey || last < 0) return
        const to = target(event.key, active, last)
        if (to !== null) {
          setAnchor(event.shiftKey ? (anchor ?? active ?? to) : null)
          setPlace({ active: to, seriesId: place.seriesId })
        } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
          setPlace({ active: active ?? last, seriesId: step(model, place.seriesId, event.key === "ArrowUp" ? 1 : -1) })
        } else if (event.key === "Enter") selection ? zoom(selection) : open()
        else if (event.key === "Escape" && active !== null) {
          letGo()
          setPlace({ active: null, seriesId: null })
        } else return
        event.preventDefault()
        event.stopPropagation()
      },
    },
  }
}

function target(key: string, active: number | null, last: number): number | null {
  if (key === "ArrowLeft") return active === null ? last : Math.max(0, active - 1)
  if (key === "ArrowRight") return active === null ? 0 : Math.min(last, active + 1)
  if (key === "Home") return 0
  return key === "End" ? last : null
}

/** Through the series and "all of them" (null), in the order of the stack. */
function step(model: PlotModel, seriesId: string | null, by: 1 | -1): string | null {
  const ids = [null, ...model.series.map((series) => series.id)]
  return ids[(ids.indexOf(seriesId) + by + ids.length) % ids.length] ?? null
}

/** The mark at a height of the plot, a share from below; of lines the one that is nearest and near. */
function seriesAt(model: PlotModel, index: number, height: number): string | null {
  const bucket = model.buckets[index]
  if (!bucket) return null
  let best: { id: string; distance: number } | null = null
  for (const { id } of model.series) {
    const band = bucket.bands[id]
    if (!band || (model.isStack && band.to <= band.from)) continue
    const distance = height < band.from ? band.from - height : height > band.to ? height - band.to : 0
    if (best === null || distance < best.distance) best = { id, distance }
  }
  return best !== null && best.distance < 0.03 ? best.id : null
}
