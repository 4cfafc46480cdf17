import { getSourceQuality } from "@/db/queries/sources"
import { read } from "../../_lib/read"

export const GET = read("spend.read", getSourceQuality)
