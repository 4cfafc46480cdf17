import { getSpend } from "@/db/queries/spend"
import { read } from "../_lib/read"

export const GET = read("spend.read", getSpend)
