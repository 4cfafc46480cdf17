import { alertsHealth } from "@/db/queries/alerts-health"
import { read } from "../../_lib/read"

export const GET = read("runs.read", (tx) => alertsHealth(tx))
