import { listReleaseHistories } from "@/db/queries/verification-releases"
import { read } from "../../_lib/read"

export const GET = read("runs.read", listReleaseHistories)
