"use client"

import { useQuery } from "@tanstack/react-query"
import { toldQuery } from "@/components/data/alerts"
import { alertsHref } from "@/components/data/alerts-health"
import { useScope } from "@/components/frame/project"
import { When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import type { AlertAction } from "@/lib/alert-vocabulary"
import type { Told as ToldOne } from "@/lib/contracts/alerts"
import { deliveryLight } from "@/lib/lights"

const ACTIONS: Record<AlertAction, string> = { trigger: "", escalate: "escalated, ", resolve: "over, ", test: "test, " }
/** The newest messages; the log of the channels has the rest. */
const SHOWN = 4

/** Who was told of it and when, and whether that arrived. */
export function Told({ id }: { id: string }) {
  const { slug, project } = useScope()
  const { data } = useQuery(toldQuery(slug, id))
  if (!data) return <span className="text-ink-10">–</span>
  const isAdmin = project.role === "admin"
  if (data.items.length === 0)
    return (
      <span className="text-ink-10">
        nobody
        {data.has_channels ? null : isAdmin ? (
          <>
            :{" "}
            <Link className="link" href={alertsHref(slug)} prefetch={false}>
              no channel yet
            </Link>
          </>
        ) : (
          ": no channel yet"
        )}
      </span>
    )
  return (
    <>
      {data.items.slice(0, SHOWN).map((told) => (
        <span key={told.id} className="block wrap-anywhere">
          <One told={told} />
        </span>
      ))}
      {isAdmin ? (
        <Link className="link text-label" href={alertsHref(slug, { exception: id })} prefetch={false}>
          {data.items.length > SHOWN ? `All ${data.items.length} messages` : "Messages"}
        </Link>
      ) : null}
    </>
  )
}

function One({ told: { channel, action, state, at, error } }: { told: ToldOne }) {
  const { light, word } = deliveryLight({ state, tries: error === null ? 0 : 1 })
  return (
    <>
      <bdi>{channel}</bdi> <When at={at} />,{" "}
      <span
        className={light === "failed" || light === "alarm" ? "text-halted" : "text-ink-10"}
        title={error ?? undefined}
      >
        {ACTIONS[action]}
        {word}
      </span>
    </>
  )
}
