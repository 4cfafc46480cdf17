"use client"

import { Fragment, type ReactNode, useState } from "react"
import { When } from "@/components/ui/figures"
import { LightShape } from "@/components/ui/light"
import { ScrollBox } from "@/components/ui/scroll-box"
import { formatCount } from "@/lib/format"
import type { LightName } from "@/lib/lights"
import { isMeasured, measureWords } from "@/lib/measure-words"
import { isRule, RULE_WORDS } from "@/lib/rule-words"
import type { Trouble } from "@/lib/run-account"

/** The first say what is wrong; the spans that prove it stay in sight. */
const SHOWN = 5
/** Characters: more than a few lines on a phone scroll in their place. */
const LONG = 400

type AccountListProps = {
  troubles: readonly Trouble[]
  /** Of the run itself, whose tint the box has when it tells of trouble; left out, the worst has it. */
  light?: LightName
  /** Where to look at it. */
  where: (trouble: Trouble) => ReactNode
}

const TINTED: ReadonlySet<LightName> = new Set(["halted", "quarantined", "failed", "unproven"])

/** What is wrong, worst first: a light and its word, what happened, what was seen against which limit, where to look. */
export function AccountList({ troubles, light, where }: AccountListProps) {
  const [isOpen, setOpen] = useState(false)
  // A line that stands for one line hides nothing worth hiding.
  const hidden = troubles.length > SHOWN + 1 ? troubles.length - SHOWN : 0
  const tint = light && TINTED.has(light) ? light : troubles[0]?.light
  return (
    <ul className="run-account" data-light={tint}>
      {(isOpen || hidden === 0 ? troubles : troubles.slice(0, SHOWN)).map((trouble, i, all) => (
        <li key={trouble.key}>
          <LightShape light={trouble.light} />
          <div className="min-w-0 wrap-anywhere">
            {/* Said once of those that follow; who hears the list hears it of each. */}
            <strong className={all[i - 1]?.word === trouble.word ? "sr-only" : ""}>
              <bdi>{trouble.word}</bdi>:{" "}
            </strong>
            {trouble.text.length > LONG ? (
              <ScrollBox label="Reason" className="account-long">
                <bdi>{trouble.text}</bdi>
              </ScrollBox>
            ) : (
              <bdi>{trouble.text}</bdi>
            )}{" "}
            <Source trouble={trouble} /> {where(trouble)}
          </div>
        </li>
      ))}
      {hidden > 0 ? (
        <li>
          <button type="button" className="link" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Only the worst" : `${formatCount(hidden)} more, none of them worse`}
          </button>
        </li>
      ) : null}
    </ul>
  )
}

/** Who says so, and what was measured. A rule of Andon's names what is no number in its sentence already. */
function Source({ trouble: { by, rule, measure, is_incomplete, effective_at } }: { trouble: Trouble }) {
  const words = rule !== null && isRule(rule) && !isMeasured(measure) ? null : measureWords(measure)
  const said = [
    by === null ? null : `by ${by}`,
    rule === null ? null : `rule ${rule}`,
    words?.observed ?? null,
    words?.limit ?? null,
  ].filter((one) => one !== null)
  return (
    <>
      <span className="text-ink-11" title={rule !== null && isRule(rule) ? RULE_WORDS[rule] : undefined}>
        {said.map((one, i) => (
          <Fragment key={one}>
            {i === 0 ? "" : " · "}
            <bdi>{one}</bdi>
          </Fragment>
        ))}
      </span>
      {is_incomplete ? (
        <span className="text-ink-11"> Some of its events are missing; it was decided without them.</span>
      ) : null}
      {effective_at === null ? null : (
        <span className="text-ink-11">
          {" "}
          · holds from <When at={effective_at} /> on
        </span>
      )}
    </>
  )
}
