import { listExceptions } from "@/db/queries/exceptions"
import { read } from "../_lib/read"

export const GET = read("runs.read", listExceptions)
