import type { RunRow } from "@/lib/contracts/read"

/** When a run was over; null while it goes on. One that Andon halted may never say that it has ended: its last event is all there is. */
export const endOf = ({ ended_at, status, last_event_at }: Pick<RunRow, "ended_at" | "status" | "last_event_at">) =>
  ended_at ?? (status === "halted" ? last_event_at : null)
