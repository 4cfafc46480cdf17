import type { ProjectActor } from "@/access/actor"
import { actorName, auditAct, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { readDiscounts } from "@/access/repricings"
import { withProject } from "@/db/client"
import { appendDiscount, appendPrices, ownInForce } from "@/db/queries/price-writes"
import { ALWAYS } from "@/ingest/litellm"
import { invalidateBook } from "@/ingest/price-book"
import type { DiscountInput, DiscountList, OwnPriceInput } from "@/lib/contracts/prices"
import { AppError } from "@/lib/errors"
import { formatMoney, parseMoney } from "@/lib/money"
import { PIECE_RATES, RATE_NAMES, type RateName } from "@/lib/price-lines"
import { toIso } from "@/lib/time"

const PIECES = new Set<string>(PIECE_RATES)
const PER_MILLION = 1_000_000n

/**
 * Appends a price of the project's own. What came in before keeps its price until it is priced again.
 * @throws AppError `forbidden`; `conflict` for a price more than ten times, or less than a tenth of, the one in force, until it is confirmed.
 */
export async function addOwnPrice(actor: ProjectActor, input: OwnPriceInput, origin: Origin): Promise<{ id: number }> {
  assertCan(actor, "prices.manage")
  const by = actorName(actor.actor)
  const rates = Object.fromEntries(RATE_NAMES.map((name) => [name, perToken(name, input.rates[name])]))
  const now = Date.now()
  const id = await withProject(actor.project.id, async (tx) => {
    const known = await ownInForce(tx, input.provider, input.model, now)
    const before = known.find(
      ({ serviceTier, promptAbove }) => serviceTier === input.service_tier && promptAbove === input.prompt_above,
    )
    const slip = RATE_NAMES.find((name) => before && isTenfold(before.rates[name], rates[name] ?? null))
    if (slip && !input.confirm)
      throw new AppError(
        "conflict",
        `The ${slip.replaceAll("_", " ")} rate is more than ten times off the one in force. Look at the units (it is per million tokens), and confirm.`,
        { field: "confirm" },
      )
    const row = {
      project_id: actor.project.id,
      provider: input.provider,
      model: input.model,
      service_tier: input.service_tier,
      prompt_above: input.prompt_above,
      valid_from: input.valid_from ?? ALWAYS,
      ...rates,
      input: rates.input as string,
      output: rates.output as string,
      source: input.reason,
      source_date: toIso(now).slice(0, 10),
      created_by: by,
    }
    const id = (await appendPrices(tx, [row])) as number
    await auditAct(
      tx,
      actor,
      {
        action: "price.added",
        target: `${input.provider || "no provider"} / ${input.model}`,
        after: { id, ...input },
        reason: input.reason,
      },
      origin,
    )
    return id
  })
  invalidateBook()
  return { id }
}

/** A rate as it is said -> as it is kept, exactly. */
function perToken(name: RateName, rate: string | undefined): string | null {
  if (rate === undefined) return null
  return PIECES.has(name) ? formatMoney(parseMoney(rate)) : formatMoney(parseMoney(rate) / PER_MILLION)
}

/** More than ten times, or less than a tenth. Where one side is nothing there is no ratio. */
export function isTenfold(before: string | null, after: string | null): boolean {
  if (before === null || after === null) return false
  const [a, b] = [parseMoney(before), parseMoney(after)]
  return a > 0n && b > 0n && (a > b * 10n || b > a * 10n)
}

/** Appends a discount; a newer one of the same provider takes its place from its date on. */
export async function addDiscount(actor: ProjectActor, input: DiscountInput, origin: Origin): Promise<DiscountList> {
  assertCan(actor, "prices.manage")
  const by = actorName(actor.actor)
  await withProject(actor.project.id, async (tx) => {
    const id = await appendDiscount(tx, input, by)
    const entry = { action: "discount.added" as const, target: input.provider }
    await auditAct(tx, actor, { ...entry, after: { id, ...input }, reason: input.reason }, origin)
  })
  invalidateBook()
  return await readDiscounts(actor)
}
