import { search } from "@/db/queries/search"
import { read } from "../_lib/read"

/** Longer texts are no names and no ids; what lies beyond is not looked at. */
const LONGEST = 200

export const GET = read("runs.read", (tx, filters) => search(tx, [...(filters.q ?? "")].slice(0, LONGEST).join("")))
