import { once } from "node:events"
import { type AddressInfo, createServer, type Socket } from "node:net"
import { expect, it } from "vitest"
import { sendMail } from "./mail"

it("a mail server that says nothing holds up no process that ends", async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  const stopping = new AbortController()
  server.on("connection", () => stopping.abort())
  const settings = { url: `smtp://127.0.0.1:${port}`, from: "andon@example.org" }
  const mail = { subject: "s", text: "t", messageId: "<1@example.org>", headers: {} }
  // Far longer than this test may last.
  const sent = await sendMail(settings, ["ops@example.org"], mail, { limitMs: 600_000, stopping: stopping.signal })
  expect(sent).toMatchObject({ isForGood: false, error: expect.any(String) })
  for (const socket of sockets) socket.destroy()
  server.close()
})
