"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import type { ReactNode } from "react"
import { inProject } from "@/components/data/http"
import { checkLedger, ledgerQuery } from "@/components/data/settings"
import { useScope } from "@/components/frame/project"
import { JobLine } from "@/components/settings/job-line"
import { StorageTable } from "@/components/settings/storage-table"
import { useClock } from "@/components/ui/clock"
import { FormError } from "@/components/ui/field"
import { Count, When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Panel } from "@/components/ui/panel"
import type { LedgerHealth } from "@/lib/contracts/settings"
import { formatCount, formatDuration, formatInstant, plural } from "@/lib/format"
import { whoOf } from "@/lib/who"

/** Can the figures be trusted: what came in, what was kept out, when somebody last added it all up. */
export function LedgerView({ mayCheck }: { mayCheck: boolean }) {
  const { slug } = useScope()
  const ledger = useQuery(ledgerQuery(slug))
  return (
    <>
      <h1 className="text-title">{ledger.data ? sentence(ledger.data) : "Ledger"}</h1>
      <Panel title="What the ledger holds" query={ledger} minHeight={150}>
        {(health) => <Holdings health={health} />}
      </Panel>
      <Panel title="Check" query={ledger} minHeight={128}>
        {(health) => <Check health={health} mayCheck={mayCheck} />}
      </Panel>
      <Panel title="Retention" query={ledger} minHeight={96}>
        {(health) => <Retention health={health} />}
      </Panel>
      {ledger.data?.storage ? (
        <Panel title="On disk, all projects together" query={ledger} minHeight={240}>
          {(health) => (health.storage ? <StorageTable storage={health.storage} /> : null)}
        </Panel>
      ) : null}
    </>
  )
}

function sentence({ accepted, check }: LedgerHealth): string {
  if (accepted === 0) return "The ledger is empty: no event has been taken yet."
  const held = `${plural(accepted, "event")} taken`
  if (check.last === null) return `${held}; nobody has checked the totals yet.`
  return check.last.found === 0
    ? `${held}; every total was the sum of its rows at the last check.`
    : `${held}; ${plural(check.last.found, "total")} differed from the rows at the last check.`
}

function Holdings({ health }: { health: LedgerHealth }) {
  const { slug } = useScope()
  const { now } = useClock()
  const warnings = inProject("/settings/ingest", slug)
  const { dead_letters: letters, last_event_at: last } = health
  return (
    <dl className="setting-facts">
      <Fact term="Last event">
        {last === null ? (
          "none yet"
        ) : (
          <>
            <When at={last} /> <Note>quiet for {formatDuration(Math.max(0, now - Date.parse(last)))}</Note>
          </>
        )}
      </Fact>
      <Fact term="Events taken">
        <Count value={health.accepted} />
      </Fact>
      <Fact term="Runs">
        <Count value={health.runs} />
      </Fact>
      <Fact term="Model calls">
        <Count value={health.calls} />
      </Fact>
      <Fact term="Duplicates dropped">
        <Count value={health.duplicates} />
      </Fact>
      <Fact term="Text cleaned">
        <Count value={health.sanitized} />
      </Fact>
      <Fact term="Rejected" href={health.rejected > 0 ? warnings : null}>
        <Count value={health.rejected} />
      </Fact>
      <Fact term="Conflicts" href={health.conflicts > 0 ? warnings : null}>
        <Count value={health.conflicts} />
      </Fact>
      <Fact term="Kept to replay" href={letters.rejected + letters.conflict > 0 ? warnings : null}>
        {formatCount(letters.rejected + letters.conflict)}{" "}
        <Note>
          {formatCount(letters.rejected)} rejected, {formatCount(letters.conflict)} in conflict,{" "}
          {formatCount(letters.replayed)} replayed
        </Note>
      </Fact>
    </dl>
  )
}

function Check({ health, mayCheck }: { health: LedgerHealth; mayCheck: boolean }) {
  const { slug } = useScope()
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: ledgerQuery(slug).queryKey })
  const start = useMutation({ mutationFn: (withEvents: boolean) => checkLedger(slug, withEvents), onSettled: refresh })
  const { last, job } = health.check
  const isBusy = start.isPending || job?.state === "running"
  return (
    <div className="flex flex-col gap-3 p-4">
      <p className="max-w-[640px] text-ink-11">
        A total is the sum of its rows. A check adds every run, quarter hour and day of this project up again, in one
        view of the database, while ingest goes on.
      </p>
      <p>
        {last === null ? (
          <span className="text-ink-11">Not checked yet.</span>
        ) : (
          <>
            <span className={last.found > 0 ? "font-strong text-failed" : "font-strong"}>
              {last.found === 0 ? "No difference" : plural(last.found, "difference")}
            </span>{" "}
            in {plural(last.compared, "row")}
            {last.with_events ? ", events included" : ""}, <When at={last.at} />, by {whoOf(last.actor)}
          </>
        )}
      </p>
      {job ? <JobLine job={job} unit="steps" /> : null}
      <FormError text={start.error?.message ?? null} />
      {mayCheck ? (
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button" disabled={isBusy} onClick={() => start.mutate(false)}>
            Check the totals
          </button>
          <button
            type="button"
            className="button button-quiet"
            disabled={isBusy}
            onClick={() => start.mutate(true)}
            title="Reads the whole ledger of the project"
          >
            With every event
          </button>
        </div>
      ) : null}
    </div>
  )
}

function Retention({ health }: { health: LedgerHealth }) {
  const { now, zone } = useClock()
  const { days, sealed_before: sealed } = health.retention
  return (
    <div className="flex max-w-[640px] flex-col gap-2 p-4">
      <p>
        {days === null
          ? "Everything is kept."
          : `Events and spans are kept for ${plural(days, "day")}; figures, reports and event keys are kept for ever.`}{" "}
        {sealed === null
          ? "Nothing was dropped so far."
          : `What was sent before ${formatInstant(sealed, zone, now)} is gone except for its figures, which are sealed.`}
      </p>
      <p className="text-ink-11">
        It is set for the whole installation where the server is started, then restart it:{" "}
        <code>ANDON_RETENTION_DAYS={days ?? 90}</code>. 0 keeps everything; what was dropped does not come back.
      </p>
    </div>
  )
}

function Fact({ term, children, href = null }: { term: string; children: ReactNode; href?: string | null }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        {href === null ? (
          children
        ) : (
          <Link className="link text-alarm" href={href}>
            {children}
          </Link>
        )}
      </dd>
    </div>
  )
}

function Note({ children }: { children: ReactNode }) {
  return <span className="block text-label text-ink-10">{children}</span>
}
