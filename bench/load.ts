import { connect } from "node:net"
import { bodies, otlpBodies } from "./workload"

/**
 * The load generator: its own process, keep-alive connections on bare sockets (an HTTP client library would cost more than the server under test),
 * bodies made before the clock starts. Prints `go` when the clock starts, and one JSON line at the end.
 */
type Job = {
  port: number
  key: string
  batch: number
  connections: number
  seconds: number
  series: string
  perSecond?: number
  otlpSpansPerRun?: number
}

const job = JSON.parse(process.argv[2] ?? "{}") as Job
/** Bodies are made before the clock starts; more than any server takes on this many seconds. */
const MOST_PER_SECOND = job.batch === 1 ? 12_000 : 30_000
const PREPARED = Math.ceil((MOST_PER_SECOND / job.batch) * job.seconds)

async function main(): Promise<void> {
  const requests: Buffer[] = []
  // One generator a connection, so that the events of a run stay in order on one connection.
  const { otlpSpansPerRun: perRun } = job
  const make: typeof otlpBodies = perRun ? otlpBodies : bodies
  const [path, type] = perRun ? ["/v1/traces", "application/x-protobuf"] : ["/api/v1/events", "application/json"]
  const sources = Array.from({ length: job.connections }, (_, i) =>
    make(`${job.series}-${i}`, job.batch, Date.now(), perRun),
  )
  for (let i = 0; i < PREPARED; i++) {
    const next = (sources[i % job.connections] as ReturnType<typeof make>).next()
    if (next.done) break
    const body = Buffer.from(next.value.body as string)
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${job.key}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`
    requests.push(Buffer.concat([Buffer.from(head), body]))
  }
  process.stdout.write("go\n")
  const latencies: number[] = []
  let events = 0
  let failed = 0
  let firstError = ""
  const startedAt = performance.now()
  const endAt = startedAt + job.seconds * 1000
  await Promise.all(
    Array.from({ length: job.connections }, (_, connection) => {
      let next = connection
      return new Promise<void>((resolve, reject) => {
        const socket = connect(job.port, "127.0.0.1")
        socket.setNoDelay(true)
        let sentAt = 0
        let answer = ""
        const send = () => {
          const now = performance.now()
          if (now >= endAt || next >= requests.length) {
            socket.end()
            resolve()
            return
          }
          const request = requests[next] as Buffer
          next += job.connections
          answer = ""
          sentAt = performance.now()
          socket.write(request)
        }
        socket.on("connect", send)
        socket.on("error", reject)
        socket.on("data", (chunk) => {
          answer += chunk.toString("latin1")
          const headEnd = answer.indexOf("\r\n\r\n")
          if (headEnd < 0) return
          const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0)
          if (answer.length < headEnd + 4 + length) return
          latencies.push(performance.now() - sentAt)
          // OTLP's whole success has no body at all.
          const isWhole = length === 0 && answer.startsWith("HTTP/1.1 200 ")
          const accepted = perRun ? (isWhole ? job.batch : 0) : Number(/"accepted":(\d+)/.exec(answer)?.[1] ?? 0)
          events += accepted
          if (accepted !== job.batch) {
            failed++
            firstError ||= answer.slice(0, 600)
          }
          if (job.perSecond) setTimeout(send, Math.max(0, 1000 / job.perSecond - (performance.now() - sentAt)))
          else send()
        })
      })
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  const usage = process.cpuUsage()
  process.stdout.write(
    `${JSON.stringify({ events, requests: latencies.length, failed, firstError, seconds, p50: at(0.5), p99: at(0.99), max: at(1), ranOut: latencies.length >= requests.length, cpuSeconds: (usage.user + usage.system) / 1e6 })}\n`,
  )
}

void main()
