"use client"

import { useRouter } from "next/navigation"
import { type ComponentProps, type MouseEvent, useEffect } from "react"

type LinkProps = Omit<ComponentProps<"a">, "href"> & {
  href: string
  /** Fetches the page ahead, data and all, as soon as this is true. */
  prefetch?: boolean
  replace?: boolean
  scroll?: boolean
}
type Ahead = NonNullable<Parameters<ReturnType<typeof useRouter>["prefetch"]>[1]>

const WITH_DATA: Ahead = { kind: "full" as Ahead["kind"] }

/**
 * A link within the app, for all pages in place of `next/link`: that costs each of them three kilobytes of script, and each of the hundreds of links
 * on a page nine hooks, for what is not wanted here: to fetch ahead whatever is in sight.
 */
export function Link({
  prefetch = false,
  replace = false,
  scroll = true,
  onClick,
  href,
  children,
  ...anchor
}: LinkProps) {
  const router = useRouter()
  useEffect(() => {
    if (prefetch && process.env.NODE_ENV === "production") router.prefetch(href, WITH_DATA)
  }, [prefetch, href, router])
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || isForBrowser(event)) return
    event.preventDefault()
    if (replace) router.replace(href, { scroll })
    else router.push(href, { scroll })
  }
  return (
    <a {...anchor} href={href} onClick={follow}>
      {children}
    </a>
  )
}

/** A new tab, a download, another window: not ours. */
function isForBrowser(event: MouseEvent<HTMLAnchorElement>): boolean {
  const { target, origin } = event.currentTarget
  const isElsewhere = (target !== "" && target !== "_self") || origin !== window.location.origin
  const isModified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0
  return isElsewhere || isModified || event.currentTarget.hasAttribute("download")
}
