import { listHalts } from "@/db/queries/halts"
import { read } from "../_lib/read"

export const GET = read("runs.read", listHalts)
