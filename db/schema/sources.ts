import { integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core"
import { instant, int8 } from "./columns"

const source = {
  project_id: integer().notNull(),
  hour: instant().notNull(),
  key_id: integer().notNull(),
  /** Of the door that it came through, never what an event says of itself. */
  format: text().notNull(),
  /** How a decoder read it; empty where the format knows one way only. */
  convention: text().notNull(),
}
const count = () => int8().notNull().default("0")

/**
 * How ingest went, per source and hour: what the data-quality page shows. Not a projection: what was refused, sent twice or said nothing leaves no event
 * behind. `lag_…` counts accepted events by the time from what they tell of to their arrival, up to the limit in the name and above the one before.
 */
export const sourceCounters = pgTable(
  "source_counters",
  {
    ...source,
    accepted: count(),
    duplicates: count(),
    conflicts: count(),
    rejected: count(),
    sanitized: count(),
    /** Items that say nothing that is kept, such as most log records: answered, and not stored. */
    ignored: count(),
    lag_1s: count(),
    lag_5s: count(),
    lag_30s: count(),
    lag_2m: count(),
    lag_10m: count(),
    lag_1h: count(),
    lag_6h: count(),
    lag_1d: count(),
    lag_more: count(),
    lag_max_ms: count(),
    /** When the last event was accepted; null while none was. */
    last_at: instant(),
  },
  (t) => [
    primaryKey({ name: "source_counters_pk", columns: [t.project_id, t.hour, t.key_id, t.format, t.convention] }),
  ],
)

/** Beside the counts: what was refused and why (`rejected`, a code), what a decoder or a clock left in doubt (`flag`). `run_id`: the last run of it. */
export const sourceMarks = pgTable(
  "source_marks",
  {
    ...source,
    kind: text().notNull(),
    name: text().notNull(),
    n: count(),
    last_at: instant().notNull(),
    run_id: text(),
  },
  (t) => [
    primaryKey({
      name: "source_marks_pk",
      columns: [t.project_id, t.hour, t.key_id, t.format, t.convention, t.kind, t.name],
    }),
  ],
)
