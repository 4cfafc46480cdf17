import type { LineAct } from "@/lib/run-states"

export const LINE_WORDS: Record<LineAct, string> = { pause: "Pause", resume: "Resume", tighten: "Tighten" }
