"use client"

import { useQuery } from "@tanstack/react-query"
import { Fragment } from "react"
import { VERIFICATIONS_DEFAULTS } from "@/components/data/defaults"
import { pageHref, traceHref } from "@/components/data/href"
import { useParam } from "@/components/data/use-filters"
import { failureFilters, failureQuery, GROUP_SHOWN } from "@/components/data/verifications"
import { When } from "@/components/ui/figures"
import { Link } from "@/components/ui/link"
import { Failure, Skeleton } from "@/components/ui/panel"
import { useRowKeys } from "@/components/ui/row-keys"
import { FigureLink } from "@/components/verifications/figure-link"
import { RESULTS } from "@/components/verifications/links"
import { VerificationsTable } from "@/components/verifications/verifications-table"
import type { FailureGroup, FailureGroups } from "@/lib/contracts/verifications"
import type { Filters } from "@/lib/filters"
import { formatCount, plural, shortenMiddle } from "@/lib/format"

/** Failures that tell of the same thing, one row each; the row opens to its newest results. */
export function FailureTable({ failures, filters }: { failures: FailureGroups; filters: Filters }) {
  const failed = failures.groups.filter((group) => group.outcome === "failed")
  const broke = failures.groups.filter((group) => group.outcome !== "failed")
  const left = failures.group_count - failures.groups.length
  return (
    <>
      {failed.length > 0 ? <Groups title="Failed" groups={failed} filters={filters} /> : null}
      {broke.length > 0 ? <Groups title="Could not verify" groups={broke} filters={filters} /> : null}
      {left > 0 || failures.read < failures.of ? (
        <p className="border-t border-line px-4 py-2 text-label text-ink-10">
          {failures.read < failures.of
            ? `The newest ${formatCount(failures.read)} of ${plural(failures.of, "result")} are grouped. `
            : ""}
          {left > 0 ? `${plural(left, "more group")} with fewer results not shown.` : ""}
        </p>
      ) : null}
    </>
  )
}

function Groups({ title, groups, filters }: { title: string; groups: readonly FailureGroup[]; filters: Filters }) {
  const keys = useRowKeys()
  const [open, setOpen] = useParam("group")
  return (
    <div className="table-scroll">
      <table className="table failure-table" onKeyDown={keys}>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col" className="num">
              Results
            </th>
            <th scope="col">Workflow</th>
            <th scope="col">Release</th>
            <th scope="col" className="num">
              First
            </th>
            <th scope="col" className="num">
              Last
            </th>
            <th scope="col">Newest run</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const isOpen = open === group.fingerprint
            return (
              <Fragment key={group.fingerprint}>
                <tr data-row aria-selected={isOpen}>
                  <th scope="row" className="row-head failure-what">
                    <button
                      type="button"
                      aria-expanded={isOpen}
                      onClick={() => setOpen(isOpen ? null : group.fingerprint)}
                    >
                      <What group={group} />
                    </button>
                  </th>
                  <td className="num">
                    <FigureLink
                      value={group.count}
                      href={groupHref(filters, group)}
                      what="results of this group"
                      tone={group.outcome === "failed" ? "text-failed" : "text-alarm"}
                    />
                  </td>
                  <Names names={group.workflows} count={group.workflow_count} none="no workflow" />
                  <Names names={group.releases} count={group.release_count} none="no release" />
                  <td className="num text-ink-11">
                    <When at={group.first_at} />
                  </td>
                  <td className="num text-ink-11">
                    <When at={group.last_at} />
                  </td>
                  <td>
                    <Link
                      className="row-link"
                      href={traceHref(filters.project, group.newest.run)}
                      title={group.newest.run}
                      prefetch={false}
                    >
                      <code>{shortenMiddle(group.newest.run, 20)}</code>
                    </Link>
                  </td>
                </tr>
                {isOpen ? (
                  <tr className="failure-open">
                    <td colSpan={7}>
                      <Results group={group} filters={filters} />
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function What({ group }: { group: FailureGroup }) {
  return (
    <>
      <span className="block truncate">
        <bdi>{group.check}</bdi>
        {group.step === null ? null : (
          <span className="text-ink-10">
            {" "}
            on <bdi>{group.step}</bdi>
          </span>
        )}
      </span>
      <span className="block truncate text-ink-11" title={group.evidence ?? undefined}>
        <bdi>{group.evidence ?? "no evidence"}</bdi>
      </span>
    </>
  )
}

function Names({ names, count, none }: { names: readonly (string | null)[]; count: number; none: string }) {
  const text = names.map((name) => name ?? none).join(", ")
  return (
    <td className="max-w-44 truncate" title={count > names.length ? `${text} and more` : text}>
      <bdi>{count <= 2 ? text : `${names[0] ?? none} and ${formatCount(count - 1)} more`}</bdi>
    </td>
  )
}

function groupHref(filters: Filters, group: FailureGroup): string {
  return pageHref(RESULTS, failureFilters(filters), VERIFICATIONS_DEFAULTS, { group: group.fingerprint })
}

function Results({ group, filters }: { group: FailureGroup; filters: Filters }) {
  const { data, error, refetch } = useQuery(
    failureQuery({ ...failureFilters(filters), limit: GROUP_SHOWN }, group.fingerprint),
  )
  if (error && !data) return <Failure what="The results" error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton rows={Math.min(GROUP_SHOWN, group.count)} />
  return (
    <>
      <VerificationsTable rows={data.items} project={filters.project} />
      {group.count > data.items.length ? (
        <p className="px-3 py-2">
          <Link className="link" href={groupHref(filters, group)} prefetch={false}>
            All {plural(group.count, "result")}
          </Link>
        </p>
      ) : null}
    </>
  )
}
