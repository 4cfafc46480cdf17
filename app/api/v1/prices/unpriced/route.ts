import { listUnpriced } from "@/db/queries/prices"
import { read } from "../../_lib/read"

export const GET = read("spend.read", listUnpriced)
