import type { Metadata } from "next"
import { headers } from "next/headers"
import { notFound } from "next/navigation"
import { isSetUp } from "@/access/setup"
import { SetupForm } from "@/components/access/setup-form"

export const metadata: Metadata = { title: "Set up" }

/** Exists until there is an administrator, and never again. */
export default async function SetupPage() {
  await headers()
  if (await isSetUp()) notFound()
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-headline font-strong">Set up Andon</h1>
        <p className="text-ink-11">
          One form: you, and the first project. Open it with the link that the server printed at its start.
        </p>
      </div>
      <div className="panel p-6">
        <SetupForm />
      </div>
    </>
  )
}
