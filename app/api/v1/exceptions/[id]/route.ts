import { getException } from "@/db/queries/exception"
import { read } from "../../_lib/read"

export const GET = read("runs.read", (tx, _filters, now, { params }) => getException(tx, params.id ?? "", now))
