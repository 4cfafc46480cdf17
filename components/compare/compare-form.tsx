"use client"

import { useRouter } from "next/navigation"
import type { FormEvent } from "react"
import { compareHref } from "@/components/data/href-run"
import { useScope } from "@/components/frame/project"
import { Field } from "@/components/ui/field"

/** Names the two runs when the address does not. */
export function CompareForm({ a, b }: { a: string; b: string }) {
  const router = useRouter()
  const { slug } = useScope()
  const compare = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    router.push(compareHref(slug, String(form.get("a")).trim(), String(form.get("b")).trim()))
  }
  return (
    <form method="dialog" onSubmit={compare} className="flex w-full max-w-md flex-col gap-3">
      <Field label="Run A" name="a" defaultValue={a} autoComplete="off" hint="Its whole id" />
      <Field label="Run B" name="b" defaultValue={b} autoComplete="off" />
      <button type="submit" className="button button-primary self-start">
        Compare
      </button>
    </form>
  )
}
