import { getExceptionNumbers } from "@/db/queries/exception-numbers"
import { read } from "../../_lib/read"

export const GET = read("runs.read", (tx, _filters, now) => getExceptionNumbers(tx, now))
