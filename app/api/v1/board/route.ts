import { getBoard } from "@/db/queries/board"
import { read } from "../_lib/read"

export const GET = read("runs.read", getBoard)
