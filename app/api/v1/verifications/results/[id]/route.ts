import { getVerification } from "@/db/queries/verification"
import { read } from "../../../_lib/read"

export const GET = read("runs.read", (tx, _filters, _now, { params, withPayload }) =>
  getVerification(tx, params.id ?? "", { withPayload }),
)
