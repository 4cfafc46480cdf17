import { createHmac } from "node:crypto"
import { createServer, type IncomingHttpHeaders } from "node:http"
import type { Page } from "@playwright/test"
import { E2E } from "./environment"
import { expect } from "./fixtures"

type Heard = { headers: IncomingHttpHeaders; body: string }
type Alert = { type: string; data: { exceptions: { url: string; workflow: string | null }[] } }

/** What takes alerts on this machine, as a person's own receiver would. */
export async function receiver() {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    heard.push({ headers: request.headers, body })
    response.end("taken")
  })
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(E2E.alertsPort, "127.0.0.1", resolve)
  })
  return {
    heard,
    url: `http://127.0.0.1:${E2E.alertsPort}/hook`,
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

/** Makes a channel that is told of one workflow, and no other test's. @returns its signing secret. */
export async function tellOf(page: Page, workflow: string, url: string): Promise<string> {
  const answer = await page.request.post("/api/v1/alerts/channels", {
    headers: { origin: E2E.url },
    data: { kind: "webhook", name: `tells of ${workflow}`, url, workflows: [workflow], min_severity: "low" },
  })
  expect(answer.status(), await answer.text()).toBe(201)
  const { signing_secret } = (await answer.json()) as { signing_secret: string }
  return signing_secret
}

/** What the first alert tells of, held against its signature. It waits ten seconds for others, so look at something else meanwhile. */
export async function alertOf(heard: readonly Heard[], secret: string): Promise<Alert["data"]> {
  await expect.poll(() => heard.length, { message: "it is told", timeout: 60_000 }).toBeGreaterThan(0)
  const { headers, body } = heard[0] as Heard
  const mac = createHmac("sha256", Buffer.from(secret.replace(/^whsec_/, ""), "base64"))
  const own = mac.update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64")
  expect(headers["webhook-signature"]).toBe(`v1,${own}`)
  const alert = JSON.parse(body) as Alert
  expect(alert.type).toBe("alert.triggered")
  return alert.data
}
