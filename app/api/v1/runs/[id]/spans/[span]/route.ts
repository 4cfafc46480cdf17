import { getSpan } from "@/db/queries/span"
import { read } from "../../../../_lib/read"

export const GET = read("runs.read", (tx, _filters, _now, { params, withPayload }) =>
  getSpan(tx, params.id ?? "", params.span ?? "", { withPayload }),
)
