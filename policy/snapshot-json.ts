import { formatMoney, parseMoney } from "@/lib/money"
import type { RunSnapshot } from "./types"

/** What was decided from, as the log keeps it: money is a decimal text. */
export type SnapshotJson = Omit<RunSnapshot, "cost"> & { cost: string }

export const snapshotToJson = (run: RunSnapshot): SnapshotJson => ({ ...run, cost: formatMoney(run.cost) })
export const snapshotFromJson = (input: SnapshotJson): RunSnapshot => ({ ...input, cost: parseMoney(input.cost) })
