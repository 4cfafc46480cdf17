"use client"

import { LEAST_WORDS, LEVEL_WORDS, RAISED_WORDS } from "@/components/alerts/words"
import { Labelled, Select } from "@/components/ui/field"
import type { Channel } from "@/lib/contracts/alerts"
import { EXCEPTION_KINDS, SEVERITIES } from "@/lib/vocabulary"

type RoutingFieldsProps = { channel: Channel | null; refused: (field: string) => string | null }

/** What a channel is told, and when. */
export function RoutingFields({ channel, refused }: RoutingFieldsProps) {
  return (
    <>
      <Select
        label="Tell"
        name="min_severity"
        value={channel?.min_severity ?? "high"}
        options={SEVERITIES.map((severity) => [severity, LEAST_WORDS[severity]] as const)}
      />
      <Select
        label="When"
        name="escalation_level"
        value={String(channel?.escalation_level ?? 0)}
        options={LEVEL_WORDS.map((word, level) => [String(level), word] as const)}
      />
      <details open={channel !== null && (channel.kinds.length > 0 || channel.workflows.length > 0)}>
        <summary className="min-h-8 cursor-pointer text-label text-ink-11">Only some of them</summary>
        <fieldset className="mt-1">
          <legend className="text-label text-ink-11">Of these kinds; none ticked: all</legend>
          <div className="grid grid-cols-2 gap-x-4">
            {EXCEPTION_KINDS.map((kind) => (
              <label key={kind} className="flex min-h-8 items-center gap-2 text-table">
                <input
                  type="checkbox"
                  name={`kind-${kind}`}
                  defaultChecked={!channel || channel.kinds.length === 0 || channel.kinds.includes(kind)}
                />
                {RAISED_WORDS[kind]}
              </label>
            ))}
          </div>
        </fieldset>
        <Labelled
          label="Of these workflows"
          hint="One name a line; empty: all of them, and what concerns none."
          error={refused("workflows")}
          className="mt-3"
        >
          {(ties) => (
            <textarea
              {...ties}
              name="workflows"
              rows={3}
              className="field w-full"
              defaultValue={channel?.workflows.join("\n")}
            />
          )}
        </Labelled>
      </details>
    </>
  )
}
