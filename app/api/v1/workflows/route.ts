import { listLines } from "@/db/queries/lines"
import { read } from "../_lib/read"

/** Lines that are not simply live. */
export const GET = read("runs.read", (tx) => listLines(tx))
