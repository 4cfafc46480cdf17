import type { Budget } from "@/lib/contracts/budgets"

/** `46.2 %`, from thousandths. */
export const percentOf = (permille: number): string => `${(permille / 10).toFixed(permille % 10 === 0 ? 0 : 1)} %`

/** Exceeded, burning, ahead of its pace, or calm. */
export function toneOf({ used_permille, burns, overshoot }: Budget): "calm" | "alarm" | "over" {
  if (overshoot !== "0") return "over"
  return burns.some((burn) => burn.is_burning) || used_permille >= 800 ? "alarm" : "calm"
}

/** What the pace line says, in words. */
export function paceWords(budget: Budget): string {
  const { used_permille, gone_permille, period } = budget
  return `${percentOf(used_permille)} used, ${percentOf(gone_permille)} of the ${period} gone`
}
