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
  return <SetupForm />
}
