"use client"

import { later } from "@/components/ui/later"

/** How to send the first event, in a script of its own: the page is the board's from the second visit on. */
export const Start = later(() => import("@/components/start/start-view").then((module) => module.StartView))
