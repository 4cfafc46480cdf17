import { listVerifications } from "@/db/queries/verifications"
import { read } from "../_lib/read"

export const GET = read("runs.read", (tx, filters, now, { withPayload }) =>
  listVerifications(tx, filters, now, { withPayload }),
)
