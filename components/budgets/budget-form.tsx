"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { CAP_WORDS, PERIOD_WORDS, SCOPE_WORDS } from "@/components/budgets/words"
import { addBudget, budgetsQuery, changeBudget } from "@/components/data/budgets"
import { RequestError } from "@/components/data/http"
import { Field, FormError, Select, useRefusal } from "@/components/ui/field"
import { SheetForm } from "@/components/ui/sheet-form"
import { useToast } from "@/components/ui/toast"
import type { Budget, BudgetCap, BudgetPeriod, BudgetScope } from "@/lib/contracts/budgets"
import { displayMoney } from "@/lib/money"
import { whoOf } from "@/lib/who"

type BudgetFormProps = {
  project: string | null
  currency: string
  /** As it was when the form was opened; null makes a new one. */
  budget: Budget | null
  /** As it stands now: somebody else may have changed it, or ended it. */
  newest: Budget | null
  close: () => void
}

const PERIODS = ["month", "week", "day"] as const satisfies readonly BudgetPeriod[]
const CAPS = ["none", "new_runs", "all_runs"] as const satisfies readonly BudgetCap[]
const SCOPES = ["project", "workflow", "team", "model", "key"] as const satisfies readonly BudgetScope[]

const worded = <T extends string>(options: readonly T[], words: Record<T, string>) =>
  options.map((option) => [option, words[option]] as const)

/** Makes a budget or a new version of one. Somebody else's change meanwhile is shown, never overwritten. */
export function BudgetForm({ project, currency, budget, newest, close }: BudgetFormProps) {
  const client = useQueryClient()
  const toast = useToast()
  const [scope, setScope] = useState<BudgetScope>(budget?.scope ?? "project")
  const save = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim()
      const terms = {
        name: text("name"),
        amount: text("amount"),
        period: text("period") as BudgetPeriod,
        cap: text("cap") as BudgetCap,
        owner: text("owner"),
        reason: text("reason"),
      }
      if (budget) return changeBudget(project, budget.id, { version: budget.version, ...terms })
      return addBudget(project, { ...terms, scope, scope_value: scope === "project" ? "" : text("scope_value") })
    },
    onSuccess: (list) => {
      client.setQueryData(budgetsQuery(project).queryKey, list)
      void client.invalidateQueries({ queryKey: ["budgets", "one"] })
      toast({ text: "Budget saved", tone: "ok" })
      close()
    },
    // The newer version comes with the list, and stands beside what was typed; its history has grown too.
    onError: () => client.invalidateQueries({ queryKey: ["budgets"] }),
  })
  const note = useRefusal<HTMLDivElement>(save.error)
  const refused = (field: string) =>
    save.error instanceof RequestError && save.error.field === field ? save.error.message : null
  const isStale = refused("version") !== null
  return (
    <SheetForm
      title={budget ? "Change the budget" : "New budget"}
      word={save.isPending ? "Saving" : "Save"}
      isPending={save.isPending}
      isBarred={isStale}
      close={close}
      submit={save.mutate}
    >
      <Field label="Name" name="name" defaultValue={budget?.name} error={refused("name")} />
      {budget ? null : (
        <Select label="For" name="scope" value={scope} options={worded(SCOPES, SCOPE_WORDS)} onChange={setScope} />
      )}
      {budget || scope === "project" ? null : (
        <Field
          label={scope === "key" ? "Its public id" : "Its name"}
          name="scope_value"
          hint="As it stands on the spend page"
          error={refused("scope_value")}
        />
      )}
      <Field
        label={`Amount in ${currency}`}
        name="amount"
        defaultValue={budget?.amount}
        hint="Such as 3000 or 12.50"
        error={refused("amount")}
      />
      <Select label="Period" name="period" value={budget?.period ?? "month"} options={worded(PERIODS, PERIOD_WORDS)} />
      <Select label="Cap" name="cap" value={budget?.cap ?? "none"} options={worded(CAPS, CAP_WORDS)} />
      <Field label="Owner" name="owner" defaultValue={budget?.owner} isRequired={false} hint="Who answers for it" />
      <Field label="Reason" name="reason" hint="Kept with the version and in the audit log" error={refused("reason")} />
      <div ref={note} className="flex flex-col gap-3">
        {isStale && newest && newest.version !== budget?.version ? <Stale budget={newest} currency={currency} /> : null}
        <FormError
          text={save.error && !["name", "scope_value", "amount", "reason"].some(refused) ? save.error.message : null}
        />
      </div>
    </SheetForm>
  )
}

/** What stands now, beside what was typed. */
function Stale({ budget, currency }: { budget: Budget; currency: string }) {
  const { amount, period, cap, name, version, created_by, reason } = budget
  return (
    <p className="text-label text-ink-11 [overflow-wrap:anywhere]">
      Now in force, version {version} by {whoOf(created_by)} ({reason}): {name}, {displayMoney(amount, currency)}{" "}
      {PERIOD_WORDS[period]}, cap: {CAP_WORDS[cap].toLowerCase()}. What you typed stays here; close and open it anew to
      change that version.
    </p>
  )
}
