import { getBaseline } from "@/db/queries/run-baseline"
import { read } from "../../../_lib/read"

export const GET = read("runs.read", (tx, _filters, _now, { params }) => getBaseline(tx, params.id ?? ""))
