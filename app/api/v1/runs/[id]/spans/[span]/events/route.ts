import { listSpanEvents } from "@/db/queries/span-events"
import { read } from "../../../../../_lib/read"

export const GET = read("runs.read", (tx, { cursor, limit }, _now, { params, withPayload }) =>
  listSpanEvents(tx, params.id ?? "", params.span ?? "", { cursor, limit, withPayload }),
)
