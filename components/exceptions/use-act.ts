"use client"

import { useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { actOn, exceptionQuery } from "@/components/data/exceptions"
import { useScope } from "@/components/frame/project"
import { type Draft, keepDraft } from "@/components/ui/drafts"
import { useToast } from "@/components/ui/toast"
import type { Exception, ExceptionActInput, ExceptionDetail, ExceptionList } from "@/lib/contracts/exceptions"
import type { ExceptionAct } from "@/lib/vocabulary"

type ActOn = {
  /** Whether this person's role may act at all; without it no button is shown. */
  may: boolean
  isPending: boolean
  /** Where the text of an act is kept until the act is done. */
  draftOf: (act: ExceptionAct) => Draft
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
 * exception is now does. Without an observer for each row: a page of fifty would load and make them for the one that is pressed.
 */
export function useAct({ id, version }: Pick<Exception, "id" | "version">): ActOn {
  const { project, slug, viewer } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [isPending, setIsPending] = useState(false)
  // Known at once, to a second press before the first is drawn.
  const isSending = useRef(false)
  const show = (now: ExceptionDetail) => {
    client.setQueryData(exceptionQuery(slug, id).queryKey, now)
    const { log: _log, log_count: _count, siblings: _siblings, ...row } = now
    client.setQueriesData<ExceptionList>({ queryKey: ["halts", "list"] }, (list) =>
      list ? { ...list, items: list.items.map((item) => (item.id === id ? row : item)) } : list,
    )
  }
  const draftOf = (act: ExceptionAct) => ({ of: `${id}.${act}`, by: viewer.email })
  const send: ActOn["act"] = async (act, input = {}, then = () => {}) => {
    if (isSending.current) return
    isSending.current = true
    setIsPending(true)
    try {
      show(await actOn(slug, id, act, { ...input, version }))
      keepDraft(draftOf(act), "")
      toast({ text: `${SAID[act]}.`, tone: "ok" })
      then()
    } catch (error) {
      toast({ text: error instanceof Error ? error.message : "It was not done.", tone: "error" })
    } finally {
      isSending.current = false
      setIsPending(false)
      // Not waited for: the answer has said what it is now, and the next act must not be lost to the reading of the lists.
      void client.invalidateQueries({ queryKey: ["halts"] })
    }
  }
  return { may: project.role === "operator" || project.role === "admin", isPending, draftOf, act: send }
}
