"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { draftOf, FIELDS } from "@/components/alerts/draft"
import { RoutingFields } from "@/components/alerts/routing-fields"
import { TargetFields } from "@/components/alerts/target-fields"
import { CHANNEL_WORDS, toldWords } from "@/components/alerts/words"
import { addChannel, changeChannel } from "@/components/data/alerts"
import { RequestError } from "@/components/data/http"
import { useScope } from "@/components/frame/project"
import { Field, FormError, Select, useRefusal } from "@/components/ui/field"
import { SheetForm } from "@/components/ui/sheet-form"
import { useToast } from "@/components/ui/toast"
import { CHANNEL_KINDS, type ChannelKind } from "@/lib/alert-vocabulary"
import type { Channel, ChannelSaved } from "@/lib/contracts/alerts"

type ChannelFormProps = {
  /** As it was when the form was opened; null makes a new one. */
  channel: Channel | null
  /** As it stands now: somebody else may have changed it. */
  newest: Channel | null
  hasMail: boolean
  saved: (saved: ChannelSaved) => void
  close: () => void
}

const KINDS = CHANNEL_KINDS.map((kind) => [kind, CHANNEL_WORDS[kind]] as const)

/** Makes a channel or changes one. Its address or key is typed anew or left alone: it is never shown. */
export function ChannelForm({ channel, newest, hasMail, saved, close }: ChannelFormProps) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const [kind, setKind] = useState<ChannelKind>(channel?.kind ?? "slack")
  const save = useMutation({
    mutationFn: (form: FormData) => {
      const { input, change } = draftOf(kind, form)
      return channel
        ? changeChannel(slug, channel.id, { version: channel.version, ...change })
        : addChannel(slug, input)
    },
    onSuccess: (answer) => {
      saved(answer)
      toast({ text: channel ? "Channel saved" : "Channel made: test it now", tone: "ok" })
      close()
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  })
  const note = useRefusal<HTMLDivElement>(save.error)
  const turnTo = (next: ChannelKind) => {
    setKind(next)
    // What was refused of another kind's address says nothing of this one's.
    save.reset()
  }
  const refused = (field: string) =>
    save.error instanceof RequestError && save.error.field?.split(".")[0] === field ? save.error.message : null
  const isStale = refused("version") !== null
  const isBarred = kind === "email" && !hasMail
  return (
    <SheetForm
      title={channel ? "Change the channel" : "New channel"}
      word={save.isPending ? "Saving" : "Save"}
      isPending={save.isPending}
      isBarred={isStale || isBarred}
      close={close}
      submit={save.mutate}
    >
      {channel ? null : <Select label="By" name="kind" value={kind} options={KINDS} onChange={turnTo} />}
      {isBarred ? (
        <p role="status" className="rounded-base bg-alarm-tint px-3 py-2 text-table">
          This installation has no mail server. Whoever runs it sets ANDON_SMTP_URL and ANDON_SMTP_FROM.
        </p>
      ) : null}
      <Field
        label="Name"
        name="name"
        defaultValue={channel?.name}
        hint="As people know it, such as #ops-night"
        error={refused("name")}
      />
      <TargetFields key={kind} kind={kind} channel={channel} refused={refused} />
      <RoutingFields channel={channel} refused={refused} />
      <div ref={note} className="flex flex-col gap-3">
        {isStale && newest && newest.version !== channel?.version ? (
          <p className="text-label text-ink-11 wrap-anywhere">
            Now it is: {newest.name}, {newest.target}; {toldWords(newest)}. What you typed stays here; close and open it
            anew to change that.
          </p>
        ) : null}
        <FormError text={save.error && !FIELDS.some(refused) ? save.error.message : null} />
      </div>
    </SheetForm>
  )
}
