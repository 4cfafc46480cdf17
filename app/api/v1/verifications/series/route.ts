import { getVerificationSeries } from "@/db/queries/verifications"
import { read } from "../../_lib/read"

export const GET = read("runs.read", getVerificationSeries)
