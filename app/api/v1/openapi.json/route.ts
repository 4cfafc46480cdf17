import { route } from "@/access/guard"
import { authorize } from "@/access/project"
import { openApiDocument } from "@/lib/contracts/openapi"
import packageJson from "@/package.json"

let document: object | undefined

export const GET = route(async (context) => {
  await authorize(context, "spend.read")
  document ??= openApiDocument(packageJson.version)
  return document
})
