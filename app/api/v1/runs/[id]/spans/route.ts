import { listRunSpans } from "@/db/queries/run-spans"
import { read } from "../../../_lib/read"

export const GET = read("runs.read", (tx, { cursor, limit }, _now, { params }) =>
  listRunSpans(tx, params.id ?? "", { cursor, limit }),
)
