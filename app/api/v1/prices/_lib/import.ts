import { createHash } from "node:crypto"
import type { ProjectActor } from "@/access/actor"
import { actorName, audit, type Origin } from "@/access/audit"
import { assertCan } from "@/access/permissions"
import { withProject } from "@/db/client"
import { appendPrices, listInForce, type NewPrice, type RatesInForce } from "@/db/queries/price-writes"
import { ALWAYS, convertLitellm } from "@/ingest/litellm"
import { invalidateBook, type ListPrice } from "@/ingest/price-book"
import type { ImportPreview } from "@/lib/contracts/prices"
import { AppError } from "@/lib/errors"
import { formatMoney, parseMoney } from "@/lib/money"
import { PIECE_RATES, RATE_NAMES, type RateName } from "@/lib/price-lines"
import { isTenfold } from "./own-price"

/** Of each part of the preview; the counts say how many there are. */
const SHOWN = 200
const LARGEST = 8 * 1024 * 1024

export type ImportOrder = { asOf: string; digest: string | null; isConfirmed: boolean }

/**
 * What a LiteLLM price file would change of the list prices from a day on; with the digest of that preview it is written, as dated rows beside the old
 * ones. A changed model is written whole, because the newest dated set of a model is what holds. A model that is new holds since always.
 * @throws AppError `forbidden`, `invalid_input`, `body_too_large`; `conflict` when the digest is of something else or a tenfold change is not confirmed.
 */
export async function importPrices(
  actor: ProjectActor,
  text: string,
  order: ImportOrder,
  origin: Origin,
): Promise<ImportPreview> {
  assertCan(actor, "prices.import")
  const rows = read(text, order.asOf)
  return await withProject(actor.project.id, async (tx) => {
    const { preview, toWrite } = compare(await listInForce(tx, Date.parse(`${order.asOf}T00:00:00Z`)), rows, order.asOf)
    if (order.digest === null) return preview
    if (order.digest !== preview.digest)
      throw new AppError("conflict", "The file or the prices are not those of the preview: look at it again.")
    if (preview.tenfold > 0 && !order.isConfirmed)
      throw new AppError("conflict", `${preview.tenfold} rates change more than tenfold: confirm them.`, {
        field: "confirm",
      })
    const by = actorName(actor.actor)
    await appendPrices(
      tx,
      toWrite.map((row): NewPrice => ({ ...row, project_id: null, created_by: by })),
    )
    const { added, changed, tenfold } = preview
    await audit(
      tx,
      {
        projectId: null,
        actor: by,
        action: "prices.imported",
        target: `list prices as of ${order.asOf}`,
        after: { rows: toWrite.length, added: added.count, changed: changed.count, tenfold, digest: preview.digest },
      },
      origin,
    )
    invalidateBook()
    return { ...preview, written: toWrite.length }
  })
}

function read(text: string, asOf: string): ListPrice[] {
  let rows: ListPrice[]
  try {
    rows = convertLitellm(text, { validFrom: `${asOf}T00:00:00.000Z`, sourceDate: asOf })
  } catch (error) {
    throw new AppError("invalid_input", "This is not LiteLLM's price file.", { cause: error })
  }
  if (rows.length === 0) throw new AppError("invalid_input", "The file names no price that can be used.")
  return rows
}

const modelOf = (row: { provider: string; model: string }) => JSON.stringify([row.provider, row.model])
const keyOf = (row: { provider: string; model: string }, tier: string, above: number) =>
  JSON.stringify([row.provider, row.model, tier, above])
const PIECES = new Set<string>(PIECE_RATES)
const shown = (name: RateName, rate: string | null) =>
  rate === null ? null : formatMoney(PIECES.has(name) ? parseMoney(rate) : parseMoney(rate) * 1_000_000n)
const same = (a: string | null, b: string | null) =>
  a === b || (a !== null && b !== null && parseMoney(a) === parseMoney(b))

function compare(stored: readonly RatesInForce[], file: readonly ListPrice[], asOf: string) {
  const before = new Map(stored.map((row) => [keyOf(row, row.serviceTier, row.promptAbove), row]))
  const known = new Set(stored.map(modelOf))
  const named = new Set(file.map(modelOf))
  const changed: ImportPreview["changed"]["items"] = []
  const added: ImportPreview["added"]["items"] = []
  const touched = new Set<string>()
  for (const row of file) {
    const name = {
      provider: row.provider,
      model: row.model,
      service_tier: row.service_tier ?? "standard",
      prompt_above: row.prompt_above ?? 0,
    }
    const old = before.get(keyOf(row, name.service_tier, name.prompt_above))
    before.delete(keyOf(row, name.service_tier, name.prompt_above))
    if (!known.has(modelOf(row))) {
      added.push(name)
      continue
    }
    const changes = RATE_NAMES.flatMap((rate) => {
      const [was, is] = [old?.rates[rate] ?? null, row[rate] ?? null]
      if (same(was, is)) return []
      return [{ rate, before: shown(rate, was), after: shown(rate, is), is_tenfold: isTenfold(was, is) }]
    })
    if (changes.length === 0) continue
    touched.add(modelOf(row))
    changed.push({ ...name, changes })
  }
  // A tier that a model no longer has: its set is written without it.
  for (const row of before.values()) if (named.has(modelOf(row))) touched.add(modelOf(row))
  const missing = [...new Map(stored.map((row) => [modelOf(row), row])).entries()]
    .filter(([model]) => !named.has(model))
    .map(([, { provider, model }]) => ({ provider, model }))
  const toWrite = file
    .filter((row) => !known.has(modelOf(row)) || touched.has(modelOf(row)))
    .map((row) => (known.has(modelOf(row)) ? row : { ...row, valid_from: ALWAYS }))
  const tenfold = changed.reduce((sum, { changes }) => sum + changes.filter((change) => change.is_tenfold).length, 0)
  // What must be looked at comes first.
  const isSlip = (row: (typeof changed)[number]) => row.changes.some((change) => change.is_tenfold)
  changed.sort((a, b) => Number(isSlip(b)) - Number(isSlip(a)))
  const preview: ImportPreview = {
    as_of: asOf,
    rows: file.length,
    added: { count: added.length, items: added.slice(0, SHOWN) },
    changed: { count: changed.length, items: changed.slice(0, SHOWN) },
    missing: { count: missing.length, items: missing.slice(0, SHOWN) },
    tenfold,
    digest: createHash("sha256").update(JSON.stringify(toWrite)).digest("hex").slice(0, 32),
    written: null,
  }
  return { preview, toWrite }
}

/** The body as text, bounded: it is a file of some megabytes. @throws AppError `body_too_large`, `invalid_input`. */
export async function readFileBody(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > LARGEST) throw new AppError("body_too_large", "A price file has at most 8 MiB.")
    chunks.push(chunk)
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))
  } catch (error) {
    throw new AppError("invalid_input", "The file is not UTF-8 text.", { cause: error })
  }
}
