import { getRun } from "@/db/queries/run"
import { read } from "../../_lib/read"

export const GET = read("runs.read", (tx, _filters, _now, { params, withPayload }) =>
  getRun(tx, params.id ?? "", { withPayload }),
)
