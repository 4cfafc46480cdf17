import { getDeadLetter } from "@/db/queries/dead-letters"
import { read } from "../../_lib/read"

export const GET = read("dead_letters.read", (tx, _filters, _now, { params }) => getDeadLetter(tx, params.id ?? ""))
