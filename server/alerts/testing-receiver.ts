import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { createServer as createSocketServer, type Socket } from "node:net"

export type Heard = { path: string; headers: IncomingMessage["headers"]; body: string }
export type Answer = (res: ServerResponse, heard: Heard) => void

export const answers = {
  ok: ((res) => res.end("ok")) satisfies Answer,
  status:
    (status: number, headers: Record<string, string> = {}): Answer =>
    (res) =>
      res.writeHead(status, headers).end(`said ${status}`),
  never: (() => {}) satisfies Answer,
  cut: ((res) => res.socket?.destroy()) satisfies Answer,
  /** Says 200 and then never stops talking. */
  endless: ((res) => {
    const part = "x".repeat(16_384)
    const more = () => {
      while (!res.destroyed && res.write(part));
    }
    res.on("drain", more)
    more()
  }) satisfies Answer,
  /** Says 200, one letter, and then nothing. */
  slow: ((res) => {
    res.writeHead(200)
    res.write("o")
  }) satisfies Answer,
}

/** A receiver of alerts on loopback that answers as it is told and remembers what it heard. */
export async function openReceiver() {
  const heard: Heard[] = []
  const state = { answer: answers.ok as Answer }
  const server = createServer((req, res) => {
    const parts: Buffer[] = []
    req.on("data", (part: Buffer) => parts.push(part))
    req.on("end", () => {
      const one = { path: req.url ?? "", headers: req.headers, body: Buffer.concat(parts).toString("utf8") }
      heard.push(one)
      state.answer(res, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    heard,
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    answer(answer: Answer) {
      state.answer = answer
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A mail server that takes one message after the other; `refuse` answers every recipient with that line. */
export async function openMailServer() {
  const mails: string[] = []
  const state = { refuse: null as string | null }
  const server = createSocketServer((socket: Socket) => {
    let data: string | null = null
    let rest = ""
    socket.on("error", () => {})
    socket.write("220 mail.test\r\n")
    socket.on("data", (part) => {
      rest += part.toString("utf8")
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (data !== null) {
          if (line !== ".") data += `${line}\n`
          else {
            mails.push(data)
            data = null
            socket.write("250 queued\r\n")
          }
        } else if (/^EHLO/i.test(line)) socket.write("250 mail.test\r\n")
        else if (/^RCPT/i.test(line) && state.refuse) socket.write(`${state.refuse}\r\n`)
        else if (/^DATA/i.test(line)) {
          data = ""
          socket.write("354 go on\r\n")
        } else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n")
        else socket.write("250 ok\r\n")
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    mails,
    url: `smtp://127.0.0.1:${port}`,
    refuse(line: string | null) {
      state.refuse = line
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}
