import type { Metadata } from "next"
import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { currentUser } from "@/access/session"
import { isSetUp } from "@/access/setup"
import { LoginForm } from "@/components/access/login-form"
import { ownPath } from "@/lib/own-path"

export const metadata: Metadata = { title: "Log in" }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** `?next=` is where the reader wanted to go. */
export default async function LoginPage({ searchParams }: Props) {
  const requestHeaders = await headers()
  if (!(await isSetUp())) redirect("/setup")
  const next = ownPath((await searchParams).next)
  if (await currentUser(requestHeaders)) redirect(next)
  return (
    <>
      <div className="flex flex-col gap-1">
        <h1 className="text-headline font-strong">Andon</h1>
        <p className="text-ink-11">What your agents cost, where they stopped, and whether they proved their work.</p>
      </div>
      <div className="panel p-6">
        <LoginForm next={next} />
      </div>
      <p className="text-label text-ink-10">
        No account, or the password is lost? An administrator of this installation makes one.
      </p>
    </>
  )
}
