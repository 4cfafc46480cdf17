import { spawn } from "node:child_process"
import { foreignShare, MOST_FOREIGN, sampleCpu } from "./cpu"

/** One load on the server under test, from a generator in its own process on the same processors. */
export type Load = {
  batch: number
  connections: number
  seconds: number
  perSecond?: number
  /** OTLP's protobuf with so many spans a run, in place of native JSON; a batch is then of spans. */
  otlpSpansPerRun?: number
}
export type Measured = {
  eventsPerSecond: number
  p50: number
  p99: number
  max: number
  failed: number
  foreign: number | null
  tries: number
}

type Target = { port: number; key: string; pid: number }
const MOST_TRIES = 2
let series = 0

/** Repeats a dirty run, and says how dirty the last one was when it stays so. */
export async function measure(target: Target, load: Load): Promise<Measured> {
  let measured = await once(target, load)
  for (let tries = 2; tries <= MOST_TRIES && (measured.foreign ?? 0) > MOST_FOREIGN; tries++)
    measured = { ...(await once(target, load)), tries }
  return measured
}

async function once(target: Target, load: Load): Promise<Measured> {
  const roots = [process.pid, target.pid]
  const job = { port: target.port, key: target.key, ...load, series: `bench${process.pid}-${series++}` }
  const child = spawn(process.execPath, ["--import", "tsx", "bench/load.ts", JSON.stringify(job)], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  // The generator makes its bodies first: the clock of the foreign share starts when it says so.
  let out = ""
  let before = sampleCpu(roots)
  child.stdout.on("data", (chunk) => {
    if (String(chunk).startsWith("go")) before = sampleCpu(roots)
    out += chunk
  })
  await new Promise((resolve, reject) => child.once("close", resolve).once("error", reject))
  const after = sampleCpu(roots)
  const result = JSON.parse(out.split("\n").find((line) => line.startsWith("{")) ?? "{}")
  if (result.failed > 0) throw new Error(`${result.failed} requests failed; the first: ${result.firstError}`)
  return {
    eventsPerSecond: result.events / result.seconds,
    p50: result.p50,
    p99: result.p99,
    max: result.max,
    failed: result.failed,
    foreign: foreignShare(before, after),
    tries: 1,
  }
}
