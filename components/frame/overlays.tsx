"use client"

import { createContext, type ReactNode, useContext, useMemo, useState } from "react"
import { later } from "@/components/ui/later"

/** What may lie over any page; one at a time. Their code is fetched when they are first asked for. */
export type OverlayName = "search" | "keys" | "more"
type Overlays = {
  open: (name: OverlayName) => void
  /** What can be done with a row of a list. */
  openRow: (row: HTMLElement) => void
}

const OverlayContext = createContext<Overlays>({ open: () => {}, openRow: () => {} })
const Palette = later(() => import("@/components/frame/palette").then((module) => module.Palette))
const KeyList = later(() => import("@/components/frame/key-list").then((module) => module.KeyList))
const More = later(() => import("@/components/frame/more").then((module) => module.More))
const RowMenu = later(() => import("@/components/frame/row-menu").then((module) => module.RowMenu))

export function OverlayProvider({ children }: { children: ReactNode }) {
  const [row, setRow] = useState<HTMLElement | null>(null)
  const [name, setName] = useState<OverlayName | null>(null)
  // Once opened it stays in the page, so that its dialog can give the focus back.
  const [used, setUsed] = useState<ReadonlySet<OverlayName>>(new Set())
  const overlays = useMemo(
    () => ({
      open: (wanted: OverlayName) => {
        setUsed((before) => (before.has(wanted) ? before : new Set([...before, wanted])))
        setName(wanted)
      },
      openRow: setRow,
    }),
    [],
  )
  const close = () => setName(null)
  return (
    <OverlayContext value={overlays}>
      {children}
      {used.has("search") ? <Palette open={name === "search"} onClose={close} /> : null}
      {used.has("keys") ? <KeyList open={name === "keys"} onClose={close} /> : null}
      {used.has("more") ? <More open={name === "more"} onClose={close} /> : null}
      {row ? <RowMenu row={row} onClose={() => setRow(null)} /> : null}
    </OverlayContext>
  )
}

export function useOverlays(): Overlays {
  return useContext(OverlayContext)
}
