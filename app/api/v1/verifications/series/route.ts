import { getVerificationSeries } from "@/db/queries/verification-series"
import { read } from "../../_lib/read"

export const GET = read("runs.read", getVerificationSeries)
