"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { CAP_WORDS, MARK_WORDS, PERIOD_WORDS } from "@/components/budgets/words"
import { budgetQuery, budgetsQuery, changeBudget, usedHref } from "@/components/data/budgets"
import { percentOf } from "@/components/frame/budget-words"
import { Field, FormError } from "@/components/ui/field"
import { Cost, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Failure, Skeleton } from "@/components/ui/panel"
import { ScrollBox } from "@/components/ui/scroll-box"
import { Sheet } from "@/components/ui/sheet"
import { useToast } from "@/components/ui/toast"
import type { Budget, BudgetHistory } from "@/lib/contracts/budgets"
import { whoOf } from "@/lib/who"

type HistoryProps = { project: string | null; budget: Budget; mayManage: boolean; edit: () => void; close: () => void }

/** A budget's earlier periods, what it said in this one, and who changed it. */
export function HistorySheet({ project, budget, mayManage, edit, close }: HistoryProps) {
  const query = useQuery(budgetQuery(project, budget.id))
  const [isEnding, setEnding] = useState(false)
  return (
    <Sheet
      title={budget.name}
      open
      onClose={close}
      footer={
        mayManage && !isEnding ? (
          <>
            <button type="button" className="button button-primary grow" onClick={edit}>
              Change
            </button>
            <button type="button" className="button button-danger" onClick={() => setEnding(true)}>
              End it
            </button>
          </>
        ) : null
      }
    >
      <div className="flex flex-col gap-5">
        {isEnding ? <EndForm project={project} budget={budget} close={close} /> : null}
        <Alarms alarms={budget.alarms} />
        {query.data ? (
          <>
            <Periods history={query.data} budget={budget} project={project} />
            <Versions history={query.data} />
          </>
        ) : query.error ? (
          <Failure what="Its history" error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
    </Sheet>
  )
}

function Alarms({ alarms }: { alarms: Budget["alarms"] }) {
  return (
    <section aria-label="Alarms of this period">
      <h3 className="mb-1 font-strong">This period</h3>
      {alarms.length === 0 ? <p className="text-ink-11">No mark reached, no burn alarm.</p> : null}
      <ul className="text-label">
        {alarms.map(({ mark, raised_at, cleared_at }) => (
          <li key={mark}>
            {MARK_WORDS[mark]}, <When at={raised_at} />
            {cleared_at === null ? null : (
              <span className="text-ink-10">
                {" "}
                to <When at={cleared_at} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Periods({ history, budget, project }: { history: BudgetHistory; budget: Budget; project: string | null }) {
  return (
    <section aria-label="Periods">
      <h3 className="mb-1 font-strong">Periods</h3>
      <ScrollBox label="Periods">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col" className="num">
                Used
              </th>
              <th scope="col" className="num">
                Amount
              </th>
              <th scope="col" className="num">
                Share
              </th>
            </tr>
          </thead>
          <tbody>
            {history.periods.map(({ from, to, used, amount, used_permille, is_open }) => (
              <tr key={from}>
                <th scope="row" className="row-head">
                  <When at={from} />
                  {is_open ? <span className="text-ink-10"> open</span> : null}
                </th>
                <td className="num">
                  <Link className="link-quiet" href={usedHref(project, budget, { from, to })} prefetch={false}>
                    <Cost value={used} currency={history.currency} />
                  </Link>
                </td>
                <td className="num">
                  <Cost value={amount} currency={history.currency} />
                </td>
                <td className={`num ${used_permille > 1000 ? "text-halted" : ""}`}>{percentOf(used_permille)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  )
}

function Versions({ history }: { history: BudgetHistory }) {
  return (
    <section aria-label="Versions">
      <h3 className="mb-1 font-strong">Versions</h3>
      <ol className="flex flex-col gap-2 text-label">
        {history.versions.map(({ version, amount, period, cap, reason, created_by, created_at, is_ended }) => (
          <li key={version} className="[overflow-wrap:anywhere]">
            <strong>{version}</strong>{" "}
            {is_ended ? (
              "ended"
            ) : (
              <>
                <Cost value={amount} currency={history.currency} /> {PERIOD_WORDS[period]}
                {cap === "none" ? "" : `; ${CAP_WORDS[cap].toLowerCase()}`}
              </>
            )}
            <span className="block text-ink-11">
              {reason}, {whoOf(created_by)}, <When at={created_at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function EndForm({ project, budget, close }: { project: string | null; budget: Budget; close: () => void }) {
  const client = useQueryClient()
  const toast = useToast()
  // Who ends it has read this version: a newer one of somebody else's is refused, and shown.
  const [seen] = useState(budget.version)
  const end = useMutation({
    mutationFn: (reason: string) => changeBudget(project, budget.id, { version: seen, is_ended: true, reason }),
    onSuccess: (list) => {
      client.setQueryData(budgetsQuery(project).queryKey, list)
      toast({ text: "Budget ended", tone: "ok" })
      close()
    },
    onError: () => client.invalidateQueries({ queryKey: ["budgets"] }),
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    end.mutate(String(new FormData(event.currentTarget).get("reason") ?? "").trim())
  }
  return (
    <form method="dialog" onSubmit={submit} className="flex flex-col gap-3">
      <Field label="Why does it end?" name="reason" hint="Its history stays; its cap halts nothing any more" />
      <FormError text={end.error?.message ?? null} />
      <div>
        <button type="submit" className="button button-danger" disabled={end.isPending}>
          End the budget
        </button>
      </div>
    </form>
  )
}
