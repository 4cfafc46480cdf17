"use client"

import { ReasonSheet } from "@/components/ui/reason-sheet"
import type { PeriodDetail, PeriodInput } from "@/lib/contracts/periods"
import { plural } from "@/lib/format"
import { displayMoney } from "@/lib/money"
import { monthWords } from "@/lib/month"

type ClosingSheetProps = {
  detail: PeriodDetail
  /** What was asked for when the sheet opened; the month may have turned since. */
  intent: PeriodInput["act"]
  isPending: boolean
  close: () => void
  act: (reason: string) => void
}

/** Says what closing means, or opening again, and asks why. */
export function ClosingSheet({ detail, intent, ...rest }: ClosingSheetProps) {
  const { month, now, last, currency, tz } = detail
  const isReopening = intent === "reopen"
  const isSoAlready = (last?.act === "closed") !== isReopening
  const name = monthWords(month)
  const total = `${displayMoney(now.cost, currency)} in ${plural(now.calls, "call")}`
  return (
    <ReasonSheet
      title={isReopening ? `Open ${name} again` : `Close ${name}`}
      says={
        isReopening
          ? `What comes late for ${name} changes its figures again, and prices of it can be decided again. Corrections that are booked elsewhere stay there. It is recorded.`
          : `${name} (${tz}) keeps its total of ${total}. What comes late is booked in the next open month and stays linked to its run; pricing and reading the past again leave the month as it is. It is recorded, and the month can be opened again.${
              now.unpriced_calls > 0 ? ` ${plural(now.unpriced_calls, "call")} without a price will stay so.` : ""
            }`
      }
      hint="Why"
      word={isReopening ? "Open it again" : "Close it"}
      maxLength={500}
      isBarred={isSoAlready}
      {...rest}
    >
      {isSoAlready && !rest.isPending ? (
        <p role="status" className="rounded-base bg-alarm-tint px-3 py-2 text-table">
          {name} was {isReopening ? "opened again" : "closed"} meanwhile: nothing is left to do here.
        </p>
      ) : null}
    </ReasonSheet>
  )
}
