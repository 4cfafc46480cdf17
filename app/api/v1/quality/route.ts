import { getDataQuality } from "@/db/queries/quality"
import { read } from "../_lib/read"

export const GET = read("spend.read", getDataQuality)
