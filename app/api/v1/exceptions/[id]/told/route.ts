import { toldOf } from "@/db/queries/alerts-told"
import { read } from "../../../_lib/read"

export const GET = read("runs.read", (tx, _filters, _now, { params }) => toldOf(tx, params.id ?? ""))
