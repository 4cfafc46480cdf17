import { listFailureGroups } from "@/db/queries/verification-failures"
import { read } from "../../_lib/read"

export const GET = read("runs.read", listFailureGroups)
