import type { Metadata } from "next"
import { exceptionPage } from "@/app/(dashboard)/_lib/exception"

export const metadata: Metadata = { title: "Exception" }

export default function ExceptionPage(props: PageProps<"/exceptions/[id]">) {
  return exceptionPage("exceptions", props)
}
