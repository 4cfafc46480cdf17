import type { Exception } from "@/lib/contracts/exceptions"

/** "invoices stopped at parse": names of any script, each isolated from the words around it. */
export function Where({ workflow, step }: Pick<Exception, "workflow" | "step">) {
  return (
    <>
      {workflow === null ? "A run of no workflow" : <bdi>{workflow}</bdi>} stopped
      {step === null ? null : (
        <>
          {" at "}
          <bdi>{step}</bdi>
        </>
      )}
    </>
  )
}
