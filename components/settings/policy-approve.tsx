"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { approvePolicy } from "@/components/data/policies"
import { useScope } from "@/components/frame/project"
import { DialogForm } from "@/components/ui/dialog-form"
import { Field } from "@/components/ui/field"
import { useToast } from "@/components/ui/toast"
import type { Policy } from "@/lib/contracts/policies"
import { whoOf } from "@/lib/who"

/** Puts a second name to the version in force; for somebody other than its author. */
export function ApproveButton({ policy }: { policy: Policy }) {
  const { slug, viewer } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [isOpen, setOpen] = useState(false)
  const approve = useMutation({
    mutationFn: (reason: string) => approvePolicy(slug, { workflow: policy.workflow, version: policy.version, reason }),
    onSuccess: () => {
      setOpen(false)
      toast({ text: "Approved", tone: "ok" })
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["policies"] }),
  })
  if (policy.approver !== null || policy.author === `user:${viewer.email}`) return null
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => setOpen(true)}>
        Approve
      </button>
      <DialogForm
        label="Approve the policy"
        open={isOpen}
        word="Approve"
        act={approve}
        close={() => setOpen(false)}
        submit={(form) => approve.mutate(String(form.get("reason") ?? ""))}
      >
        <h2 className="font-strong">Approve version {policy.version}</h2>
        <p className="break-words text-ink-11">
          By {whoOf(policy.author)}: {policy.reason}
        </p>
        <Field label="What you looked at" name="reason" hint="Kept with the version and in the audit log" />
      </DialogForm>
    </>
  )
}
