import { route } from "@/access/guard"
import { ledgerHealth } from "@/access/ledger-check"
import { authorize } from "@/access/project"

export const GET = route(async (context) => await ledgerHealth(await authorize(context, "spend.read")))
