"use client"

import type { ReactNode } from "react"
import {
  type Draft,
  linesOf,
  numberOf,
  plainChecks,
  plainSteps,
  stepsOf,
  valueAt,
  withValue,
} from "@/components/settings/policy-draft"
import { Labelled } from "@/components/ui/field"
import { type Choices, Options } from "@/components/ui/options"
import { RULE_WORDS } from "@/lib/rule-words"
import { RULES, type Rule } from "@/lib/vocabulary"

type FormProps = {
  draft: Draft
  /** Path of what the server refused. */
  refused: string | null
  onDraft: (draft: Draft) => void
}

/** The limits that most workflows need. What it does not show stays as the file has it. */
export function PolicyForm(props: FormProps) {
  const { draft, onDraft } = props
  const hasLoop = draft.loop !== undefined
  return (
    <div className="flex flex-col gap-5">
      <Group title="A run">
        <Limit {...props} path="max_cost_run" label="Costs at most" unit="dollars" isMoney />
        <Limit {...props} path="warn_ratio" label="Alarm above this share" unit="0.8 when empty" />
        <Limit {...props} path="max_duration_s" label="Takes at most" unit="seconds" />
        <Limit {...props} path="max_steps" label="Begins at most" unit="steps" />
        <Limit {...props} path="heartbeat_s" label="Is silent for at most" unit="seconds" />
      </Group>
      <Group title="A step">
        <Limit {...props} path="max_step_duration_s" label="Takes at most" unit="seconds" />
        <Limit {...props} path="max_retries_per_step" label="Is retried at most" unit="times" />
        <Lines
          label="Required, in this order"
          path="steps"
          refused={props.refused}
          lines={plainSteps(draft)}
          onLines={(ids) => onDraft(withValue(draft, "steps", ids.length === 0 ? undefined : stepsOf(ids)))}
        />
      </Group>
      <Group title="Proof">
        <Lines
          label="Checks that must pass"
          path="required_verifications"
          refused={props.refused}
          lines={plainChecks(draft)}
          onLines={(names) =>
            onDraft(
              withValue(draft, "required_verifications", names.length ? names.map((name) => ({ name })) : undefined),
            )
          }
        />
        <Limit {...props} path="proof_grace_s" label="May take" unit="seconds, 900 when empty" />
        <Lines
          label="Models allowed (any when empty)"
          path="allowed_models"
          refused={props.refused}
          lines={Array.isArray(draft.allowed_models) ? draft.allowed_models.map(String) : []}
          onLines={(models) => onDraft(withValue(draft, "allowed_models", models.length ? models : undefined))}
        />
      </Group>
      <Group title="Loops">
        <label className="flex min-h-8 items-center gap-2">
          <input
            type="checkbox"
            checked={hasLoop}
            onChange={(event) => onDraft(withValue(draft, "loop", event.target.checked ? {} : undefined))}
          />
          Look for loops
        </label>
        {hasLoop ? (
          <>
            <Limit {...props} path="loop.same_call_k" label="Same call in a row" unit="3 when empty" />
            <Limit {...props} path="loop.same_call_in_window_m" label="Same call among the last" unit="5 when empty" />
            <Limit {...props} path="loop.window" label="that many calls" unit="20 when empty" />
            <Limit {...props} path="loop.no_progress_n" label="Steps with the same state" unit="8 when empty" />
          </>
        ) : null}
      </Group>
      <Group title="The line">
        <Limit {...props} path="schedule.every_s" label="A run starts every" unit="seconds" />
        <Limit {...props} path="schedule.grace_s" label="Grace" unit="seconds, 60 when empty" />
        <Choice
          {...props}
          path="on_signal"
          label="Three stops within an hour"
          options={[
            ["", "tighten it (usual)"],
            ["pause", "pause it"],
          ]}
        />
      </Group>
      <details>
        <summary className="cursor-pointer py-1 font-strong">What each rule does</summary>
        <div className="policy-fields pt-3">
          {RULES.filter((rule) => rule !== "T13" && rule !== "T20").map((rule) => (
            <Choice
              key={rule}
              {...props}
              path={`on_breach.${rule}`}
              label={`${rule} ${RULE_WORDS[rule]}`}
              options={[["", "as usual"], ...actionsOf(rule)]}
            />
          ))}
        </div>
      </details>
    </div>
  )
}

const PROOF_RULES: readonly Rule[] = ["T08", "T09", "T10", "T11", "T12", "T17"]
const actionsOf = (rule: Rule) => [
  ...(PROOF_RULES.includes(rule) ? [] : [["off", "nothing"] as const]),
  ["alarm", "alarm"] as const,
  ["quarantine", "quarantine"] as const,
  ["halt", "halt"] as const,
]

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset>
      <legend className="mb-2 font-strong">{title}</legend>
      <div className="policy-fields">{children}</div>
    </fieldset>
  )
}

type LimitProps = FormProps & { path: string; label: string; unit: string; isMoney?: boolean }

function Limit({ draft, refused, onDraft, path, label, unit, isMoney = false }: LimitProps) {
  return (
    <Labelled label={label} hint={unit} isRefused={refused === path}>
      {(ties) => (
        <input
          {...ties}
          className="field w-full"
          inputMode="decimal"
          autoComplete="off"
          value={valueAt(draft, path)}
          onChange={({ target: { value } }) => {
            const money = value.trim() === "" ? undefined : value.trim()
            onDraft(withValue(draft, path, isMoney ? money : typed(value)))
          }}
        />
      )}
    </Labelled>
  )
}

/** A number that is whole in its spelling; `0.` and `1e` are still being typed. */
function typed(text: string): number | string | undefined {
  const value = numberOf(text)
  return typeof value === "number" && String(value) !== text.trim() ? text.trim() : value
}

type LinesProps = {
  label: string
  path: string
  refused: string | null
  lines: readonly string[] | null
  onLines: (lines: string[]) => void
}

function Lines({ label, path, refused, lines, onLines }: LinesProps) {
  if (lines === null)
    return (
      <p className="text-label text-ink-10">{label}: the file says more of them than fits here. Change them there.</p>
    )
  return (
    <Labelled label={label} hint="One a line" isRefused={refused?.startsWith(path)} className="policy-lines">
      {(ties) => (
        <textarea
          {...ties}
          className="field w-full"
          rows={4}
          spellCheck={false}
          defaultValue={lines.join("\n")}
          onChange={(event) => onLines(linesOf(event.target.value))}
        />
      )}
    </Labelled>
  )
}

type ChoiceProps = FormProps & { path: string; label: string; options: Choices<string> }

function Choice({ draft, refused, onDraft, path, label, options }: ChoiceProps) {
  return (
    <Labelled label={label} isRefused={refused === path}>
      {(ties) => (
        <Options
          {...ties}
          className="field w-full"
          value={valueAt(draft, path)}
          options={options}
          onChoose={(value) => onDraft(withValue(draft, path, value || undefined))}
        />
      )}
    </Labelled>
  )
}
