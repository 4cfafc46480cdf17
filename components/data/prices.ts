import { queryOptions } from "@tanstack/react-query"
import { getJson, inProject, RequestError, sendJson } from "@/components/data/http"
import type {
  DiscountInput,
  DiscountList,
  ImportPreview,
  OwnPriceInput,
  Repricing,
  RepricingInput,
  RepricingList,
} from "@/lib/contracts/prices"

const PRICES = "/api/v1/prices"

/** What a form says; the server fills in the rest. */
export type OwnPriceDraft = Pick<OwnPriceInput, "provider" | "model" | "rates" | "reason" | "confirm" | "valid_from">
export const addPrice = (project: string | null, draft: OwnPriceDraft) =>
  sendJson<{ id: number }>("POST", inProject(PRICES, project), draft)

export const discountsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "discounts", project],
    queryFn: ({ signal }) => getJson<DiscountList>(inProject(`${PRICES}/discounts`, project), signal),
  })
export const addDiscount = (project: string | null, draft: DiscountInput) =>
  sendJson<DiscountList>("POST", inProject(`${PRICES}/discounts`, project), draft)

export const WHILE_BUSY_MS = 1000
export const isBusy = ({ state, is_stopped }: Pick<Repricing, "state" | "is_stopped">) =>
  !is_stopped && (state === "previewing" || state === "running" || state === "undoing")
const REPRICINGS = `${PRICES}/repricings`

/** Asked again while one of them is under way. */
export const repricingsQuery = (project: string | null) =>
  queryOptions({
    queryKey: ["settings", "repricings", project],
    queryFn: ({ signal }) => getJson<RepricingList>(inProject(REPRICINGS, project), signal),
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? WHILE_BUSY_MS : false),
  })
export type RepricingDraft = Pick<RepricingInput, "from" | "to" | "provider" | "model" | "reason">
export const beginRepricing = (project: string | null, draft: RepricingDraft) =>
  sendJson<Repricing>("POST", inProject(REPRICINGS, project), draft)
export const actOnRepricing = (project: string | null, id: number, act: "apply" | "undo", reason: string) =>
  sendJson<Repricing>("POST", inProject(`${REPRICINGS}/${id}/${act}`, project), { reason })

export type ImportOrder = { asOf: string; digest?: string; confirm?: boolean }
/** Sends a price file as it is: its numbers must not become JavaScript's. */
export async function sendPriceFile(project: string | null, file: Blob, order: ImportOrder): Promise<ImportPreview> {
  const more = {
    as_of: order.asOf,
    ...(order.digest === undefined ? {} : { digest: order.digest }),
    ...(order.confirm ? { confirm: "1" } : {}),
  }
  const response = await fetch(inProject(`${PRICES}/import`, project, more), {
    method: "POST",
    body: file,
    headers: { "content-type": "application/json" },
    credentials: "same-origin",
  })
  const answer = (await response.json()) as ImportPreview & { code?: string; detail?: string; field?: string }
  if (response.ok) return answer
  throw new RequestError(
    response.status,
    answer.code ?? "unknown",
    answer.detail ?? "The file was not taken.",
    answer.field,
  )
}
