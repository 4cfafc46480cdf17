import type { SpanKind, Usage } from "@/lib/vocabulary"

/** Eight models of four providers that the price book has, and one that nobody has a price for. */
export const MODELS = {
  sonnet: { provider: "anthropic", model: "claude-sonnet-4-5" },
  opus: { provider: "anthropic", model: "claude-opus-4-5" },
  haiku: { provider: "anthropic", model: "claude-haiku-4-5" },
  mini: { provider: "openai", model: "gpt-5-mini" },
  nano: { provider: "openai", model: "gpt-5-nano" },
  embed: { provider: "openai", model: "text-embedding-3-small" },
  flash: { provider: "google", model: "gemini-2.5-flash" },
  small: { provider: "mistral", model: "mistral-small-latest" },
  inhouse: { provider: "inhouse", model: "atlas-70b-preview" },
} as const
export type ModelKey = keyof typeof MODELS

type Bounds = readonly [number, number]
export type Call = {
  kind?: SpanKind
  name: string
  model?: ModelKey
  usage?: Partial<Record<keyof Usage, Bounds>>
  ms: Bounds
  /** How many of it a run makes; one when absent. */
  times?: Bounds
}
export type Step = { name: string; calls: readonly Call[] }

/** A release is live from `day` (days before the end of the demo) on. */
export type Release = { version: string; day: number; regression?: true; cacheLost?: true }

export type Workflow = {
  name: string
  short: string
  team: "billing" | "support" | "search" | "platform"
  agent: string
  weight: number
  checks: readonly string[]
  steps: readonly Step[]
  releases: readonly Release[]
  hasCustomers: boolean
  /** The agent's own bill, sent beside the usage. */
  reportsCost?: true
  waste?: "retry_storm" | "loop" | "oversized_prompt"
}

const tool = (name: string, ms: Bounds = [40, 900], times?: Bounds): Call => ({
  kind: "tool",
  name,
  ms,
  ...(times ? { times } : {}),
})
const llm = (name: string, model: ModelKey, usage: NonNullable<Call["usage"]>, times?: Bounds): Call => ({
  kind: "llm",
  name,
  model,
  usage,
  ms: [900, 14_000],
  ...(times ? { times } : {}),
})
const search = (name: string, times: Bounds = [1, 1]): Call => ({ kind: "retrieval", name, ms: [30, 400], times })

export const WORKFLOWS: readonly Workflow[] = [
  {
    name: "invoice-extraction",
    short: "inv",
    team: "billing",
    agent: "extractor",
    weight: 14,
    checks: ["row_count_check", "total_matches"],
    hasCustomers: true,
    releases: [
      { version: "3.1.0", day: 90 },
      { version: "3.2.0", day: 52 },
      // Sends the whole document again with every question: nearly twice the tokens, and more wrong totals.
      { version: "4.0.0", day: 19, regression: true },
    ],
    steps: [
      { name: "fetch", calls: [tool("download_invoice")] },
      {
        name: "parse",
        calls: [
          llm(
            "read pages",
            "sonnet",
            { input: [1_800, 5_200], cache_read: [6_000, 11_000], output: [300, 900] },
            [2, 5],
          ),
        ],
      },
      { name: "validate", calls: [llm("check totals", "haiku", { input: [900, 2_400], output: [60, 240] })] },
      { name: "enrich", calls: [tool("lookup_supplier", [40, 900], [2, 6])] },
      { name: "load", calls: [tool("write_rows", [80, 1_500], [2, 5])] },
      {
        name: "summarise",
        calls: [
          llm("write summary", "sonnet", { input: [900, 1_900], cache_read: [2_000, 4_000], output: [180, 420] }),
        ],
      },
    ],
  },
  {
    name: "payment-reconciliation",
    short: "pay",
    team: "billing",
    agent: "reconciler",
    weight: 9,
    checks: ["balance_check"],
    hasCustomers: true,
    releases: [
      { version: "5.0.2", day: 90 },
      { version: "5.1.0", day: 41 },
    ],
    steps: [
      { name: "load", calls: [tool("load_statement")] },
      {
        name: "match",
        calls: [
          llm(
            "match lines",
            "mini",
            { input: [6_000, 22_000], cache_read: [0, 9_000], output: [500, 1_900], reasoning: [400, 2_600] },
            [1, 3],
          ),
        ],
      },
      { name: "post", calls: [tool("post_entries", [60, 700], [3, 8])] },
      {
        name: "report",
        calls: [
          llm("explain differences", "mini", { input: [1_200, 3_000], output: [200, 700], reasoning: [100, 500] }),
        ],
      },
    ],
  },
  {
    name: "dunning-letters",
    short: "dun",
    team: "billing",
    agent: "letter-writer",
    weight: 5,
    checks: [],
    hasCustomers: true,
    releases: [{ version: "1.8.0", day: 90 }],
    steps: [
      { name: "select", calls: [tool("overdue_accounts"), tool("read_account", [40, 300], [2, 6])] },
      { name: "write", calls: [llm("write letter", "small", { input: [700, 1_600], output: [250, 600] }, [2, 6])] },
    ],
  },
  {
    name: "support-triage",
    short: "tri",
    team: "support",
    agent: "triager",
    weight: 20,
    checks: ["label_schema"],
    hasCustomers: true,
    releases: [
      { version: "7.3.0", day: 90 },
      { version: "7.4.0", day: 33 },
    ],
    steps: [
      { name: "read", calls: [llm("read ticket", "nano", { input: [500, 2_500], output: [40, 160] })] },
      {
        name: "label",
        calls: [
          llm("label ticket", "mini", {
            input: [700, 2_000],
            cache_read: [1_200, 1_200],
            output: [20, 90],
            reasoning: [0, 300],
          }),
        ],
      },
      { name: "route", calls: [tool("find_duplicates"), tool("assign_queue")] },
    ],
  },
  {
    name: "support-answer",
    short: "ans",
    team: "support",
    agent: "answerer",
    weight: 15,
    checks: ["citation_check"],
    hasCustomers: true,
    waste: "retry_storm",
    releases: [
      { version: "2.5.0", day: 90 },
      { version: "2.6.0", day: 58 },
      { version: "2.6.1", day: 12, regression: true },
    ],
    steps: [
      { name: "retrieve", calls: [search("search articles", [1, 4]), search("search past tickets", [1, 3])] },
      {
        name: "draft",
        calls: [
          llm("draft answer", "sonnet", {
            input: [2_000, 6_000],
            cache_read: [8_000, 16_000],
            cache_write: [0, 1_200],
            output: [300, 900],
          }),
        ],
      },
      { name: "review", calls: [llm("review answer", "haiku", { input: [2_000, 5_000], output: [80, 260] })] },
      { name: "send", calls: [tool("read_policy", [30, 200], [1, 3]), tool("reply_to_ticket")] },
    ],
  },
  {
    name: "call-summary",
    short: "cal",
    team: "support",
    agent: "summariser",
    weight: 7,
    checks: ["summary_schema"],
    hasCustomers: true,
    releases: [{ version: "1.2.0", day: 90 }],
    steps: [
      {
        name: "transcribe",
        calls: [
          llm("transcribe call", "flash", { input: [200, 400], audio_input: [4_000, 26_000], output: [900, 4_200] }),
        ],
      },
      {
        name: "summarise",
        calls: [llm("summarise call", "flash", { input: [1_500, 5_000], output: [200, 500], reasoning: [100, 900] })],
      },
    ],
  },
  {
    name: "catalog-enrichment",
    short: "cat",
    team: "search",
    agent: "enricher",
    weight: 9,
    checks: ["attribute_schema"],
    hasCustomers: false,
    releases: [
      { version: "0.19.0", day: 90 },
      { version: "0.20.0", day: 27 },
    ],
    steps: [
      { name: "pick", calls: [tool("next_items")] },
      {
        name: "describe",
        calls: [llm("describe item", "flash", { input: [800, 2_400], output: [120, 500] }, [5, 11])],
      },
      {
        name: "embed",
        calls: [
          { kind: "embedding", name: "embed items", model: "embed", usage: { input: [900, 4_000] }, ms: [60, 400] },
        ],
      },
      { name: "publish", calls: [tool("publish_items", [40, 900], [3, 8])] },
    ],
  },
  {
    name: "query-rewrite",
    short: "qrw",
    team: "search",
    agent: "rewriter",
    weight: 12,
    checks: [],
    hasCustomers: false,
    releases: [{ version: "2.0.0", day: 90 }],
    steps: [
      { name: "rewrite", calls: [llm("rewrite query", "nano", { input: [150, 600], output: [20, 80] }, [3, 8])] },
    ],
  },
  {
    name: "relevance-judging",
    short: "rel",
    team: "search",
    agent: "judge",
    weight: 5,
    checks: ["agreement_check"],
    hasCustomers: false,
    releases: [{ version: "0.7.0", day: 90 }],
    steps: [
      { name: "sample", calls: [search("sample queries")] },
      { name: "judge", calls: [llm("judge result", "small", { input: [900, 2_200], output: [20, 120] }, [6, 14])] },
      {
        name: "second-opinion",
        calls: [llm("judge result", "inhouse", { input: [900, 2_200], output: [20, 120] }, [1, 3])],
      },
    ],
  },
  {
    name: "code-review",
    short: "rev",
    team: "platform",
    agent: "reviewer",
    weight: 6,
    checks: ["tests_pass"],
    hasCustomers: false,
    reportsCost: true,
    releases: [
      { version: "1.14.0", day: 90 },
      // A changed prompt prefix: nothing is read from the cache any more.
      { version: "1.15.0", day: 36, cacheLost: true },
    ],
    steps: [
      { name: "checkout", calls: [tool("git_clone", [900, 6_000])] },
      {
        name: "review",
        calls: [
          llm(
            "review diff",
            "opus",
            { input: [2_000, 6_000], cache_read: [22_000, 48_000], output: [600, 1_800] },
            [2, 4],
          ),
          tool("run_tests", [4_000, 60_000]),
        ],
      },
      { name: "comment", calls: [tool("post_comment", [90, 500], [2, 9])] },
    ],
  },
  {
    name: "data-migration",
    short: "mig",
    team: "platform",
    agent: "migrator",
    weight: 4,
    checks: ["checksum_check"],
    hasCustomers: false,
    waste: "loop",
    releases: [
      { version: "0.9.0", day: 90 },
      { version: "0.9.1", day: 23 },
    ],
    steps: [
      { name: "plan", calls: [llm("plan batches", "haiku", { input: [1_500, 4_000], output: [300, 800] })] },
      {
        name: "copy",
        calls: [
          tool("copy_batch", [400, 8_000], [3, 9]),
          llm("inspect batch", "haiku", { input: [800, 1_900], output: [60, 200] }, [2, 4]),
        ],
      },
      { name: "verify", calls: [tool("compare_checksums", [900, 5_000])] },
    ],
  },
  {
    name: "contract-review",
    short: "con",
    team: "platform",
    agent: "paralegal",
    weight: 3,
    checks: ["clause_coverage"],
    hasCustomers: true,
    waste: "oversized_prompt",
    releases: [{ version: "2.2.0", day: 90 }],
    steps: [
      { name: "collect", calls: [search("collect clauses")] },
      {
        name: "compare",
        calls: [llm("compare with template", "sonnet", { input: [18_000, 60_000], output: [900, 2_600] }, [1, 2])],
      },
      { name: "advise", calls: [llm("write advice", "opus", { input: [6_000, 14_000], output: [500, 1_500] })] },
    ],
  },
]

export const CUSTOMERS = [
  { name: "acme", weight: 30 },
  { name: "globex", weight: 22 },
  { name: "initech", weight: 15 },
  { name: "umbrella", weight: 12 },
  { name: "hooli", weight: 9 },
  { name: "vandelay", weight: 6 },
  { name: "wonka", weight: 4 },
  { name: "tyrell", weight: 2 },
] as const

export const ENVIRONMENTS = [
  { name: "production", weight: 86 },
  { name: "staging", weight: 14 },
] as const

/** Parts of the working week, Sunday first, and of the day in UTC; only their proportions count. */
export const WEEKDAY_WEIGHTS = [26, 100, 112, 116, 110, 94, 30] as const
export const HOUR_WEIGHTS = [
  14, 10, 9, 10, 16, 30, 56, 92, 128, 140, 136, 124, 112, 130, 138, 132, 118, 96, 74, 58, 46, 36, 28, 20,
] as const
