import { listSpans } from "@/db/queries/spans"
import { read } from "../_lib/read"

export const GET = read("spend.read", listSpans)
