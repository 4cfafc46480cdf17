import type { Spend, SpendGroup, SpendPoint } from "@/lib/contracts/read"
import { type CsvColumn, csvHeader, csvLine } from "@/lib/csv"
import type { Filters } from "@/lib/filters"
import { formatExact } from "@/lib/format"
import { sumMoney } from "@/lib/money"
import { TOKEN_BUCKETS } from "@/lib/vocabulary"

type Figures = Pick<SpendPoint, "cost" | "calls" | "tokens" | "unpriced_calls" | "runs">
type Line = {
  first: string | null
  group: (string | null)[]
  isOther: boolean | null
  own: Figures | null
  cumulative: string | null
  before: (Figures & { bucket: string | null }) | null
}

/**
 * What Spend shows as CSV: one line a bucket and group, the rest as the group "other", in the page's own grouping, grain and range. Its last line,
 * `# total`, is the headline with the number of lines; a file without it is broken.
 */
export function shownCsv(spend: Spend, filters: Filters): { text: string; rows: number } {
  const columns = columnsOf(spend, filters)
  const lines = spend.groups.flatMap((group) => linesOf(spend, group))
  const name = spend.by.length === 0 ? [] : [`rows: ${lines.length}`, ...spend.by.slice(1).map(() => null)]
  const total: Line = {
    first: spend.by.length === 0 ? `# total, rows: ${lines.length}` : "# total",
    group: name,
    isOther: null,
    own: figuresOf(spend.total),
    cumulative: spend.total.cost,
    before: spend.previous ? { ...figuresOf(spend.previous.total), bucket: null } : null,
  }
  const text = csvHeader(columns) + [...lines, total].map((line) => csvLine(columns, line)).join("")
  return { text, rows: lines.length }
}

function linesOf(spend: Spend, group: SpendGroup): Line[] {
  const before = group.previous?.series ?? []
  const sums: string[] = []
  return Array.from({ length: Math.max(group.series.length, before.length) }, (_, i) => {
    const own = group.series[i] ?? null
    const earlier = before[i]
    sums.push(sumMoney([sums.at(-1) ?? "0", own?.cost ?? null]) ?? "0")
    return {
      first: bucketOf(spend, spend.buckets[i]),
      group: group.is_other ? spend.by.map(() => null) : group.key,
      isOther: group.is_other,
      own,
      cumulative: own ? (sums.at(-1) ?? null) : null,
      before: earlier ? { ...earlier, bucket: bucketOf(spend, spend.previous?.buckets[i]) } : null,
    }
  })
}

function columnsOf(spend: Spend, filters: Filters): CsvColumn<Line>[] {
  const word = spend.grain === "15m" ? "quarter_hour" : spend.grain
  const numbers = (prefix: string, of: (line: Line) => Figures | null): CsvColumn<Line>[] => [
    { name: `${prefix}calls`, kind: "number", of: (line) => of(line)?.calls ?? null },
    { name: `${prefix}unpriced_calls`, kind: "number", of: (line) => of(line)?.unpriced_calls ?? null },
    { name: `${prefix}tokens`, kind: "number", of: (line) => of(line)?.tokens ?? null },
    { name: `${prefix}cost`, kind: "number", of: (line) => of(line)?.cost ?? null },
    ...(spend.total.runs === null
      ? []
      : [{ name: `${prefix}runs`, kind: "number" as const, of: (line: Line) => of(line)?.runs ?? null }]),
  ]
  return [
    { name: word, kind: "text", of: (line) => line.first },
    ...spend.by.map((name, i) => ({ name, kind: "text" as const, of: (line: Line) => line.group[i] ?? null })),
    { name: "is_other", kind: "text", of: ({ isOther }) => (isOther === null ? null : isOther ? "yes" : "no") },
    ...numbers("", (line) => line.own),
    ...(filters.shape === "cumulative"
      ? [{ name: "cost_so_far", kind: "number" as const, of: (line: Line) => line.cumulative }]
      : []),
    ...(spend.previous
      ? [
          { name: `previous_${word}`, kind: "text" as const, of: (line: Line) => line.before?.bucket ?? null },
          ...numbers("previous_", (line) => line.before),
        ]
      : []),
    { name: "currency", kind: "text", of: () => spend.currency },
  ]
}

function figuresOf(total: Spend["total"]): Figures {
  return { ...total, tokens: TOKEN_BUCKETS.reduce((sum, bucket) => sum + total.tokens[bucket], 0) }
}

/** A date of the zone where buckets are made of days, else the instant. */
function bucketOf(spend: Spend, at: string | undefined): string | null {
  if (at === undefined) return null
  return spend.grain === "15m" || spend.grain === "hour" ? at : formatExact(at, spend.tz).slice(0, 10)
}
