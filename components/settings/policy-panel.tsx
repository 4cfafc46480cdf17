"use client"

import dynamic from "next/dynamic"
import { useParam } from "@/components/data/use-filters"
import { useScope } from "@/components/frame/project"
import { ApproveButton } from "@/components/settings/policy-approve"
import { When } from "@/components/ui/figures"
import { Panel, type PanelQuery } from "@/components/ui/panel"
import type { Policy, PolicyEntry, PolicyList } from "@/lib/contracts/policies"
import { inherited, policyLines } from "@/lib/policy-words"

/** Only who changes a policy loads what that takes. */
const PolicyEditor = dynamic(() => import("@/components/settings/policy-editor").then((file) => file.PolicyEditor), {
  loading: () => <p className="min-h-96 p-4 text-ink-10">Loading the form</p>,
})

type PolicyPanelProps = {
  query: PanelQuery<PolicyList>
  entry: PolicyEntry
  /** The project's own. */
  project: Policy | null
  mayManage: boolean
}

/** What holds for one workflow, its own and what it takes from the project; and the way to change it. */
export function PolicyPanel({ query, entry, project, mayManage }: PolicyPanelProps) {
  const [view, setView] = useParam("view")
  const { workflow, policy } = entry
  const isEditing = mayManage && (view === "form" || view === "file")
  return (
    <Panel
      title={workflow === "" ? "Policy of the project" : `Policy of ${workflow}`}
      query={query}
      minHeight={240}
      actions={
        isEditing || query.data === undefined ? null : (
          <>
            {policy && mayManage ? <ApproveButton policy={policy} /> : null}
            {policy ? <Export policy={policy} /> : null}
            {mayManage ? (
              <button type="button" className="button" onClick={() => setView("form")}>
                {policy ? "Change" : "Write one"}
              </button>
            ) : null}
          </>
        )
      }
    >
      {() =>
        isEditing ? (
          <PolicyEditor
            workflow={workflow}
            policy={policy}
            view={view === "file" ? "file" : "form"}
            onView={setView}
            onDone={() => setView(null)}
          />
        ) : (
          <InForce policy={policy} project={workflow === "" ? null : project} workflow={workflow} />
        )
      }
    </Panel>
  )
}

function InForce({ policy, project, workflow }: { policy: Policy | null; project: Policy | null; workflow: string }) {
  const { project: scope } = useScope()
  const own = policyLines(policy?.document ?? {}, scope.currency)
  const taken = project ? policyLines(inherited(project.document, policy?.document ?? {}), scope.currency) : []
  if (own.length + taken.length === 0) return <Nothing workflow={workflow} policy={policy} />
  return (
    <>
      <div className="table-scroll">
        <table className="table policy-table">
          <caption className="sr-only">What holds</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Allowed</th>
              <th scope="col">Said by</th>
            </tr>
          </thead>
          <tbody>
            {[...own.map((line) => ({ line, by: "own" })), ...taken.map((line) => ({ line, by: "project" }))].map(
              ({ line, by }) => (
                <tr key={`${by} ${line.key}`}>
                  <th scope="row" className="row-head policy-words">
                    {line.label}
                  </th>
                  <td className="policy-words">{line.value}</td>
                  <td className="text-ink-10">{by === "own" && workflow !== "" ? "its own" : "the project"}</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
      <p className="border-t border-line p-3 px-4 text-label text-ink-10">
        A limit may be reached, not crossed. It holds for runs that begin from now on; a run keeps the version that it
        began with. Without a plan or checks here, those that the run declares count.
        {policy ? (
          <>
            {" "}
            In force since <When at={policy.created_at} />.
          </>
        ) : null}
      </p>
    </>
  )
}

function Nothing({ workflow, policy }: { workflow: string; policy: Policy | null }) {
  return (
    <div className="flex max-w-[640px] flex-col gap-3 p-4">
      <p>
        {policy
          ? "It says nothing of its own: what a run declares (its plan, its checks) must hold, and no more."
          : workflow === ""
            ? "Nothing is asked of runs yet. A policy says what they may cost, how long they may take, which steps must succeed in which order, and what must be checked; it halts a run in the answer to the very batch that went too far."
            : "Nothing is asked of this workflow yet, and the project has no policy that would hold instead."}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard */}
      <pre className="policy-sample" tabIndex={0}>
        {SAMPLE}
      </pre>
    </div>
  )
}

const SAMPLE = `{
  "max_cost_run": "5.00",
  "max_duration_s": 900,
  "steps": [{ "id": "fetch" }, { "id": "parse", "after": ["fetch"] }],
  "required_verifications": [{ "name": "row_count_check" }]
}`

/** The document as a file, for a pull request. */
function Export({ policy }: { policy: Policy }) {
  const save = () => {
    const url = URL.createObjectURL(
      new Blob([`${JSON.stringify(policy.document, null, 2)}\n`], { type: "application/json" }),
    )
    const link = document.createElement("a")
    link.href = url
    link.download = `policy-${(policy.workflow || "project").replace(/[^\w.-]+/g, "-").slice(0, 80)}.json`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <button type="button" className="button button-quiet" onClick={save}>
      Export
    </button>
  )
}
