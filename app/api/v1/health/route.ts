import { getHealth } from "@/db/queries/health"
import { read } from "../_lib/read"

export const GET = read("runs.read", getHealth)
