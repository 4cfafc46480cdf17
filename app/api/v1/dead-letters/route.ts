import { listDeadLetters } from "@/db/queries/dead-letters"
import { read } from "../_lib/read"

export const GET = read("dead_letters.read", listDeadLetters)
