"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { actOn, exceptionQuery } from "@/components/data/exceptions"
import { useScope } from "@/components/frame/project"
import { useToast } from "@/components/ui/toast"
import type { Exception, ExceptionActInput, ExceptionList } from "@/lib/contracts/exceptions"
import type { ExceptionAct } from "@/lib/vocabulary"

export type ActOn = {
  /** Whether this person's role may act at all; without it no button is shown. */
  may: boolean
  isPending: boolean
  act: (act: ExceptionAct, input?: Omit<ExceptionActInput, "version">, then?: () => void) => void
}

const SAID: Record<ExceptionAct, string> = {
  acknowledge: "Acknowledged",
  assign: "Assigned",
  comment: "Note added",
  resolve: "Resolved",
  reopen: "Reopened",
  snooze: "Snoozed",
  suppress: "Suppressed",
}

/**
 * Acts on one exception in the version that is on the page. Its answer takes the place of what was shown; where somebody acted first, what the
 * exception is now does.
 */
export function useAct({ id, version }: Pick<Exception, "id" | "version">): ActOn {
  const { project, slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const mutation = useMutation({
    mutationFn: ({ act, input }: { act: ExceptionAct; input: Omit<ExceptionActInput, "version"> }) =>
      actOn(slug, id, act, { ...input, version }),
    onSuccess: (now, { act }) => {
      client.setQueryData(exceptionQuery(slug, id).queryKey, now)
      const { log: _log, log_count: _count, siblings: _siblings, ...row } = now
      client.setQueriesData<ExceptionList>({ queryKey: ["halts", "list"] }, (list) =>
        list ? { ...list, items: list.items.map((item) => (item.id === id ? row : item)) } : list,
      )
      toast({ text: `${SAID[act]}.`, tone: "ok" })
    },
    onError: (error) => toast({ text: error.message, tone: "error" }),
    // Not waited for: the answer has said what it is now, and the next act must not be lost to the reading of the lists.
    onSettled: () => {
      void client.invalidateQueries({ queryKey: ["halts"] })
    },
  })
  return {
    may: project.role === "operator" || project.role === "admin",
    isPending: mutation.isPending,
    act: (act, input = {}, then = () => {}) => {
      if (!mutation.isPending) mutation.mutate({ act, input }, { onSuccess: then })
    },
  }
}
