"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { CHANNEL_WORDS, testWords, toldWords } from "@/components/alerts/words"
import { changeChannel, removeChannel, testChannel } from "@/components/data/alerts"
import { alertsHref } from "@/components/data/alerts-health"
import { latestOf } from "@/components/data/latest"
import { useScope } from "@/components/frame/project"
import { ConfirmButton } from "@/components/ui/confirm-button"
import { When } from "@/components/ui/figures"
import { Light } from "@/components/ui/light"
import { Link } from "@/components/ui/link"
import type { Channel } from "@/lib/contracts/alerts"
import { formatCount } from "@/lib/format"

/** One channel: where it leads, what it is told, whether that works, and what to do when it does not. */
export function ChannelRow({ channel, edit }: { channel: Channel; edit: () => void }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ["alerts"] })
  const test = useMutation({ mutationFn: () => testChannel(slug, channel.id), onSettled: refresh })
  const turn = useMutation({
    mutationFn: (state: Channel["state"]) => changeChannel(slug, channel.id, { version: channel.version, state }),
    onSettled: refresh,
  })
  const remove = useMutation({ mutationFn: () => removeChannel(slug, channel), onSettled: refresh })
  const isOn = channel.state === "active"
  const latest = latestOf(test, turn, remove)
  const { error } = latest
  const came = latest === test && test.data ? testWords(test.data) : null
  return (
    <article className="channel">
      <div className="min-w-0">
        <h3 className="font-strong wrap-anywhere">
          <bdi>{channel.name}</bdi>
        </h3>
        <p className="text-label text-ink-11 wrap-anywhere">
          {CHANNEL_WORDS[channel.kind]} · <code>{channel.target}</code>
          {channel.region === "eu" ? " · EU" : ""}
          {channel.body_format === "alertmanager" ? " · as Alertmanager" : ""}
        </p>
        <p className="text-label text-ink-11 wrap-anywhere" title={channel.workflows.join("\n") || undefined}>
          {toldWords(channel)}
        </p>
      </div>
      <div className="min-w-0 text-label">
        <Standing channel={channel} />
        <Counts channel={channel} />
      </div>
      <div className="channel-acts">
        <button
          type="button"
          className="button"
          disabled={!isOn || test.isPending}
          onClick={() => test.mutate()}
          aria-label={`Test ${channel.name}`}
        >
          Test
        </button>
        <button type="button" className="button button-quiet" onClick={edit} aria-label={`Change ${channel.name}`}>
          Change
        </button>
        {isOn ? (
          <ConfirmButton
            word="Disable"
            question={`Disable "${channel.name}"? Nothing is sent to it until it is enabled; what waits is not sent.`}
            act={() => turn.mutate("disabled")}
            isDisabled={turn.isPending}
          />
        ) : (
          <button
            type="button"
            className="button button-quiet"
            disabled={turn.isPending}
            onClick={() => turn.mutate("active")}
          >
            Enable
          </button>
        )}
        <ConfirmButton
          word="Remove"
          question={`Remove "${channel.name}"? Its address is forgotten; what it was told stays in the log.`}
          act={() => remove.mutate()}
          isDisabled={remove.isPending}
          isDangerous
        />
      </div>
      <p role="status" className={came || error || test.isPending ? "channel-answer" : "sr-only"}>
        {test.isPending ? <span className="text-ink-11">Sending; it takes up to 12 seconds.</span> : null}
        {error && !test.isPending ? <span className="text-halted">{error.message}</span> : null}
        {!error && came && !test.isPending ? (
          <span className={came.isGood ? "text-verified" : "text-halted"}>{came.text}</span>
        ) : null}
      </p>
    </article>
  )
}

function Standing({ channel }: { channel: Channel }) {
  const { state, disabled_reason, disabled_at, failing_since, last_error, last_delivered_at } = channel
  if (state === "disabled")
    return (
      <>
        <p className="channel-state">
          <Light light="failed">disabled</Light>
          {disabled_at === null ? null : <When at={disabled_at} isRelative />}
        </p>
        <p className="text-ink-11 wrap-anywhere">{disabled_reason}</p>
      </>
    )
  if (failing_since !== null)
    return (
      <>
        <p className="channel-state">
          <Light light="alarm">failing</Light>
          <span>
            since <When at={failing_since} />
          </span>
        </p>
        <p className="text-ink-11 wrap-anywhere">{last_error}</p>
      </>
    )
  return (
    <p className="channel-state">
      {last_delivered_at === null ? (
        <Light light="silent">nothing sent yet</Light>
      ) : (
        <>
          <Light light="verified">delivered</Light>
          <When at={last_delivered_at} isRelative />
        </>
      )}
    </p>
  )
}

/** Each number leads to its rows of the log. */
function Counts({ channel: { id, waiting, parked } }: { channel: Channel }) {
  const { slug } = useScope()
  const counts = [
    { count: waiting, word: "waiting", delivery: "pending" },
    { count: parked, word: "given up", delivery: "parked" },
  ].filter(({ count }) => count > 0)
  if (counts.length === 0) return null
  return (
    <p className="flex flex-wrap gap-x-3">
      {counts.map(({ count, word, delivery }) => (
        <Link
          key={word}
          className="link flex items-center pointer-coarse:min-h-11"
          href={alertsHref(slug, { channel: String(id), delivery })}
          scroll={false}
          prefetch={false}
        >
          {count >= MOST_COUNTED ? `${formatCount(MOST_COUNTED)}+` : formatCount(count)} {word}
        </Link>
      ))}
    </p>
  )
}
const MOST_COUNTED = 1_000
