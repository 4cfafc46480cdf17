import type { Metadata } from "next"
import { exceptionPage } from "@/app/(dashboard)/_lib/exception"

export const metadata: Metadata = { title: "Halted" }

export default function ExceptionPage(props: PageProps<"/halted/[id]">) {
  return exceptionPage("halted", props)
}
