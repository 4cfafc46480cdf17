"use client"

import { type ComponentType, lazy, Suspense } from "react"

/** A component whose script is fetched when it is first drawn. What `next/dynamic` adds to this costs every page a kilobyte and a half. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Lazy = lazy(async () => ({ default: await load() })) as unknown as ComponentType<Props>
  return function Later(props: Props) {
    return (
      <Suspense fallback={null}>
        <Lazy {...props} />
      </Suspense>
    )
  }
}
