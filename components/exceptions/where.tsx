import type { ReactNode } from "react"
import type { Exception } from "@/lib/contracts/exceptions"
import type { ExceptionKind } from "@/lib/vocabulary"

const WORDS: Record<ExceptionKind, { of: string; nobody: string; did: string }> = {
  halt: { of: "", nobody: "A run of no workflow", did: "stopped" },
  quarantine: { of: "Output of ", nobody: "no workflow", did: "quarantined" },
  alarm: { of: "Alarm of ", nobody: "no workflow", did: "" },
  line_stop: { of: "Line stop of ", nobody: "no workflow", did: "" },
  budget: { of: "Budget of ", nobody: "the project", did: "" },
  silence: { of: "", nobody: "The project", did: "is silent" },
  audit_sample: { of: "A passed run of ", nobody: "no workflow", did: "to review" },
}

/** "invoices stopped at parse": names of any script, each isolated from the words around it. */
export function Where({ kind, workflow, step }: Pick<Exception, "kind" | "workflow" | "step">): ReactNode {
  const { of, nobody, did } = WORDS[kind]
  return (
    <>
      {of}
      {workflow === null ? nobody : <bdi>{workflow}</bdi>} {did}
      {step === null ? null : (
        <>
          {" at "}
          <bdi>{step}</bdi>
        </>
      )}
    </>
  )
}
