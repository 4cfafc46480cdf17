"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { changePeriod, PERIODS_KEY, periodQuery } from "@/components/data/periods"
import { useScope } from "@/components/frame/project"
import { ClosingSheet } from "@/components/reports/closing-sheet"
import { lateHref, monthHref } from "@/components/reports/links"
import { closedSentence } from "@/components/reports/words"
import { Cost, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Panel } from "@/components/ui/panel"
import { useToast } from "@/components/ui/toast"
import type { PeriodDetail, PeriodInput } from "@/lib/contracts/periods"
import { plural } from "@/lib/format"
import { monthWords } from "@/lib/month"
import { whoOf } from "@/lib/who"

/** Whether the month is closed, whether its sum is still that of its closing, and what came too late for a closed one. */
export function Closing({ month }: { month: string }) {
  const { project, slug } = useScope()
  const period = useQuery(periodQuery(slug, month))
  // Held as it was pressed: a live update that says somebody else closed it must not turn the act under the finger.
  const [asked, ask] = useState<PeriodInput["act"] | null>(null)
  const mayAct = project.role === "finance" || project.role === "admin"
  const isClosed = period.data?.last?.act === "closed"
  const act = useAct(month, () => ask(null))
  return (
    <Panel
      title="Closing"
      query={period}
      minHeight={120}
      actions={
        mayAct && period.data?.is_ended ? (
          <button
            type="button"
            className="button button-quiet no-print"
            onClick={() => ask(isClosed ? "reopen" : "close")}
          >
            {isClosed ? "Open again" : "Close the month"}
          </button>
        ) : null
      }
    >
      {(detail) => (
        <>
          <dl className="report-facts">
            <State detail={detail} />
            <Corrections detail={detail} />
            {detail.kept_out > 0 ? (
              <Fact term="Kept out">
                <span className="text-alarm">
                  {plural(detail.kept_out, "event")} came for calls of this month after it was closed.
                </span>
                <Note>
                  What they say of tokens and cost is kept with them and not counted: the calls are as they were closed.
                </Note>
              </Fact>
            ) : null}
          </dl>
          {asked ? (
            <ClosingSheet
              detail={detail}
              intent={asked}
              isPending={act.isPending}
              close={() => ask(null)}
              act={(reason) => act.mutate({ month, act: asked, reason })}
            />
          ) : null}
        </>
      )}
    </Panel>
  )
}

function useAct(month: string, done: () => void) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (change: PeriodInput) => changePeriod(slug, change),
    onSuccess: (detail) => {
      client.setQueryData(periodQuery(slug, month).queryKey, detail)
      toast({ text: `${monthWords(month)} is ${detail.last?.act === "closed" ? "closed" : "open again"}`, tone: "ok" })
      done()
    },
    onError: (error) => toast({ text: error.message, tone: "error" }),
    // Closing one month settles what may be done with others, and a refusal means that the page is behind.
    onSettled: () => client.invalidateQueries({ queryKey: PERIODS_KEY }),
  })
}

function State({ detail }: { detail: PeriodDetail }) {
  const { last, month, tz, currency, now, is_equal: isEqual, is_ended: isEnded } = detail
  if (last?.act !== "closed")
    return (
      <Fact term="State">
        {isEnded
          ? `${monthWords(month)} is open: what comes late for it changes its figures.`
          : "The month has not ended."}
        {last ? (
          <Note>
            Opened again <When at={last.created_at} /> by {whoOf(last.created_by)}: {last.reason}
          </Note>
        ) : null}
      </Fact>
    )
  return (
    <>
      <Fact term="State">
        Closed <When at={last.created_at} /> by {whoOf(last.created_by)}
        <Note>{last.reason}</Note>
      </Fact>
      <Fact term="Total then">
        <span className="break-all" data-closed-cost={last.cost}>
          {last.cost} {currency}
        </span>{" "}
        in {plural(last.calls, "call")}
        {last.unpriced_calls > 0 ? `, ${plural(last.unpriced_calls, "call")} without a price` : ""}
        <Note>
          Of the whole project, {monthWords(month)} in {tz}.
        </Note>
      </Fact>
      <Fact term="Today">
        <span className={isEqual ? "" : "text-failed"} title={`${now.cost} ${currency}, ${plural(now.calls, "call")}`}>
          {closedSentence(detail)}
        </span>
      </Fact>
    </>
  )
}

function Corrections({ detail }: { detail: PeriodDetail }) {
  const { corrections, currency, from } = detail
  const { slug } = useScope()
  if (corrections.length === 0) return null
  return (
    <Fact term="Corrections">
      <ul className="flex flex-col gap-1">
        {corrections.map((each) => (
          <li key={each.month}>
            <Cost value={each.calls === each.unpriced_calls ? null : each.cost} currency={currency} /> in{" "}
            {plural(each.calls, "call")} of{" "}
            <Link className="link" href={monthHref(slug, each.month)} prefetch={false}>
              {monthWords(each.month)}
            </Link>
          </li>
        ))}
      </ul>
      <Note>
        They came after their month was closed and are part of this month’s sum, marked among{" "}
        <Link className="link" href={lateHref(slug, from)} prefetch={false}>
          the calls of its first quarter hour
        </Link>
        .
      </Note>
    </Fact>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  )
}

const Note = ({ children }: { children: ReactNode }) => <p className="text-label text-ink-10 break-words">{children}</p>
