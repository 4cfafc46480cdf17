import { displayMoney, formatMoney, parseMoney } from "@/lib/money"

/** What spend moves by. */
export const difference = ({ before, after }: { before: string; after: string }): string =>
  formatMoney(parseMoney(after) - parseMoney(before))

export const signed = (money: string, currency: string): string =>
  `${parseMoney(money) > 0n ? "+" : ""}${displayMoney(money, currency)}`

/** A field of a form; null when it is empty. */
export function textOf(data: FormData, name: string): string | null {
  const text = String(data.get(name) ?? "").trim()
  return text === "" ? null : text
}
