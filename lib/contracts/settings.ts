import { z } from "zod"
import { list } from "@/lib/contracts/read"

/** Answers of the settings: prices, ledger health, demo data. Instants are ISO 8601 with `Z`, absent is null. */
const Instant = z.iso.datetime()
const Count = z.number().int().min(0)
const Money = z.string().regex(/^-?\d+(\.\d+)?$/)

/** Long work that the server does beside its answers; one of a kind at a time, known to the process that does it. */
export const Job = z.object({
  state: z.enum(["running", "done", "failed", "cancelled"]),
  title: z.string(),
  started_by: z.string(),
  started_at: Instant,
  finished_at: Instant.nullable(),
  done: Count,
  /** Null = not known. */
  total: Count.nullable(),
  /** What came of it, or why not. */
  message: z.string().nullable(),
})
export type Job = z.infer<typeof Job>

/** Per million tokens in the row's currency; null = the source names none and the documented fallback is used. */
const Rates = z.object({
  input: Money,
  cache_read: Money.nullable(),
  cache_write: Money.nullable(),
  output: Money,
  reasoning: Money.nullable(),
  audio_input: Money.nullable(),
  audio_output: Money.nullable(),
  cache_write_1h: Money.nullable(),
  image_input: Money.nullable(),
  image_output: Money.nullable(),
})
/** By the piece. */
const PieceRates = z.object({ image: Money.nullable(), search: Money.nullable(), request: Money.nullable() })
export const PriceRow = z.object({
  id: z.number().int(),
  provider: z.string(),
  model: z.string(),
  /** The row holds for prompts of more tokens than this; 0 for all. */
  prompt_above: Count,
  /** What a request was served as: `standard`, `batch`, `flex`, `priority`, `fast`. */
  service_tier: z.string(),
  currency: z.string(),
  rates: Rates,
  pieces: PieceRates,
  valid_from: Instant,
  /** A row that comes into force later; null when none is known. */
  next_valid_from: Instant.nullable(),
  source: z.string(),
  source_date: z.string(),
  /** The project's own price, before the list price. */
  is_own: z.boolean(),
})
export type PriceRow = z.infer<typeof PriceRow>
export const PriceList = list(PriceRow)
export type PriceList = z.infer<typeof PriceList>

export const UnpricedModels = z.object({
  items: z.array(
    z.object({
      provider: z.string().nullable(),
      model: z.string().nullable(),
      calls: Count,
      tokens: Count,
      /** Some of these calls stand in one sum with priced ones: their tokens are not told apart and not counted here. */
      is_tokens_partial: z.boolean(),
      /** Days of the project's zone. */
      first_day: Instant,
      last_day: Instant,
    }),
  ),
  /** How many there are in all; the items are the most frequent. */
  count: Count,
  calls: Count,
})
export type UnpricedModels = z.infer<typeof UnpricedModels>

export const StoredTable = z.object({
  name: z.string(),
  bytes: Count,
  /** An estimate of the database. */
  rows: Count,
  /** Days that it is cut into; null when it is not. */
  partitions: z.object({ count: Count, oldest: z.string(), newest: z.string() }).nullable(),
})
export type StoredTable = z.infer<typeof StoredTable>

export const LedgerHealth = z.object({
  last_event_at: Instant.nullable(),
  accepted: Count,
  duplicates: Count,
  conflicts: Count,
  rejected: Count,
  sanitized: Count,
  runs: Count,
  calls: Count,
  /** Kept to look at and to replay. */
  dead_letters: z.object({ rejected: Count, conflict: Count, replayed: Count }),
  retention: z.object({
    /** ANDON_RETENTION_DAYS; null keeps everything. */
    days: Count.nullable(),
    /** Spans and events of the days before are gone, figures stay. */
    sealed_before: Instant.nullable(),
  }),
  check: z.object({
    last: z
      .object({ at: Instant, actor: z.string(), found: Count, compared: Count, with_events: z.boolean() })
      .nullable(),
    job: Job.nullable(),
  }),
  /** Of the whole installation; null for who is no administrator. */
  storage: z.object({ database_bytes: Count, tables: z.array(StoredTable) }).nullable(),
})
export type LedgerHealth = z.infer<typeof LedgerHealth>

export const LedgerCheckInput = z.object({
  /** Also holds each span's cost against its events, which reads the whole ledger of the project. */
  with_events: z.boolean(),
})

export const DemoState = z.object({
  projects: z.array(
    z.object({
      slug: z.string(),
      name: z.string(),
      events: Count,
      /** Events that were sent with keys, not made up. */
      own_events: Count,
      created_at: Instant,
    }),
  ),
  job: Job.nullable(),
})
export type DemoState = z.infer<typeof DemoState>
export const DemoInput = z.object({
  /** 1 is about 12,000 runs of ninety days. */
  scale: z.number().min(0.05).max(5),
})
