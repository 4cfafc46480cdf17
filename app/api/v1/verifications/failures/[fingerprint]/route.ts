import { listFailures } from "@/db/queries/verification-failures"
import { read } from "../../../_lib/read"

export const GET = read("runs.read", (tx, filters, now, { params, withPayload }) =>
  listFailures(tx, params.fingerprint ?? "", filters, now, { withPayload }),
)
