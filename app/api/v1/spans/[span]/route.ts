import { getSpan } from "@/db/queries/span"
import { read } from "../../_lib/read"

/** A span without a run: the one of a `cost` event. */
export const GET = read("spend.read", (tx, _filters, _now, { params, withPayload }) =>
  getSpan(tx, null, params.span ?? "", { withPayload }),
)
