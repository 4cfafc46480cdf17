"use client"

import { pageHref } from "@/components/data/href"
import { useScope } from "@/components/frame/project"
import { Link } from "@/components/ui/link"
import type { Exception } from "@/lib/contracts/exceptions"
import { DEFAULT_FILTERS } from "@/lib/filters"
import { shortenMiddle } from "@/lib/format"
import { isRule, RULE_WORDS } from "@/lib/rule-words"

/** "T01, cost of the run", which leads to the policy that holds; a rule of the sender's own is its name. */
export function RuleName({ exception: { rule, workflow } }: { exception: Pick<Exception, "rule" | "workflow"> }) {
  const { slug } = useScope()
  if (rule === null) return null
  if (!isRule(rule)) return <bdi className="wrap-anywhere">{shortenMiddle(rule, 40)}</bdi>
  const dimensions = workflow === null ? {} : { workflow: [workflow] }
  return (
    <Link
      href={pageHref("/settings/policies", { ...DEFAULT_FILTERS, project: slug, dimensions })}
      className="link"
      prefetch={false}
      title="The policy that holds"
    >
      {rule}, {RULE_WORDS[rule]}
    </Link>
  )
}
