"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { ACTION_WORDS, CHANNEL_WORDS } from "@/components/alerts/words"
import { sendAgain } from "@/components/data/alerts"
import { exceptionHref } from "@/components/data/exceptions"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import { useToast } from "@/components/ui/toast"
import type { Delivery, DeliveryAttempt } from "@/lib/contracts/alerts"
import { formatDuration, plural } from "@/lib/format"
import { deliveryLight } from "@/lib/lights"

/** One message: what it said and to whom, and behind it each try with what was answered. */
export function DeliveryLine({ delivery }: { delivery: Delivery }) {
  const { slug } = useScope()
  const { channel, action, subject, exception_id, state, reason, created_at, delivered_at, next_at, tries } = delivery
  const { light, word } = deliveryLight(delivery)
  return (
    <details className="delivery">
      <summary className="delivery-head">
        <Light light={light}>{word}</Light>
        <span className="delivery-subject">
          <bdi>{subject}</bdi> <span className="text-ink-10">{ACTION_WORDS[action]}</span>
        </span>
        <span className="delivery-to" title={`${CHANNEL_WORDS[channel.kind]}: ${channel.name}`}>
          <bdi>{channel.name}</bdi>
        </span>
        <span className="delivery-when">
          <When at={delivered_at ?? created_at} />
          {tries > 1 ? <span className="text-ink-10">, {plural(tries, "try", "tries")}</span> : null}
        </span>
      </summary>
      <div className="delivery-body">
        {reason === null || reason === delivery.attempts[0]?.error ? null : <p className="wrap-anywhere">{reason}</p>}
        <p className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {exception_id === null ? null : (
            <Link className="link" href={exceptionHref(slug, { id: exception_id, kind: "alarm" })} prefetch={false}>
              Exception {exception_id}
            </Link>
          )}
          {state === "pending" && next_at !== null ? (
            <span className="text-ink-11">
              next try <When at={next_at} />
            </span>
          ) : null}
          {state === "parked" || state === "dropped" ? <SendAgain id={delivery.id} /> : null}
        </p>
        {delivery.attempts.length === 0 ? (
          <p className="text-ink-11">Not tried yet.</p>
        ) : (
          <ol className="delivery-tries">
            {delivery.attempts.map((attempt) => (
              <Attempt key={attempt.n} attempt={attempt} />
            ))}
          </ol>
        )}
        {tries > delivery.attempts.length ? (
          <p className="text-ink-10">
            The latest {delivery.attempts.length} of {tries} tries.
          </p>
        ) : null}
      </div>
    </details>
  )
}

function SendAgain({ id }: { id: string }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const toast = useToast()
  const again = useMutation({
    mutationFn: () => sendAgain(slug, id),
    onSuccess: () => toast({ text: "On its way again", tone: "ok" }),
    onError: (error) => toast({ text: error.message, tone: "error" }),
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  })
  return (
    <button type="button" className="button" disabled={again.isPending} onClick={() => again.mutate()}>
      {again.isPending ? "Sending" : "Send again"}
    </button>
  )
}

function Attempt({ attempt: { at, ms, status, error, excerpt } }: { attempt: DeliveryAttempt }) {
  return (
    <li>
      <p className="wrap-anywhere">
        <When at={at} /> <span className={error === null ? "text-verified" : "text-halted"}>{error ?? "Taken."}</span>
        <span className="text-ink-10">
          {" "}
          {status === null || error !== null ? "" : `Answered ${status}, `}
          {formatDuration(ms)}
        </span>
      </p>
      {excerpt ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
        <pre className="payload delivery-excerpt" tabIndex={0}>
          {excerpt}
        </pre>
      ) : null}
    </li>
  )
}
