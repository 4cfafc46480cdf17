import { Readable } from "node:stream"
import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import { AppError } from "@/lib/errors"

/** A sender has five seconds to get going, must then have averaged 1 KiB a second, and is done after thirty. */
export type BodyPace = { graceMs: number; bytesPerSecond: number; totalMs: number; checkEveryMs: number }
export const BODY_PACE: BodyPace = { graceMs: 5_000, bytesPerSecond: 1024, totalMs: 30_000, checkEveryMs: 1_000 }

export type BodyLimits = { bodyBytes: number; inFlightBytes: number }

/** Bytes of bodies that requests of this process hold now. A flood is answered, not buffered. */
let held = 0

/** One request's share of what may be held; released once, when its answer is known. */
export class BodyLease {
  private size = 0
  constructor(private readonly limit: number) {}

  /** @throws AppError `busy` when all requests together would hold too much. */
  take(bytes: number): void {
    if (held + bytes > this.limit) throw new AppError("busy", "Too much is being received at this moment.")
    held += bytes
    this.size += bytes
  }

  release(): void {
    held -= this.size
    this.size = 0
  }
}

export function heldBytes(): number {
  return held
}

/**
 * The whole body as one buffer, inflated when it came as gzip.
 * @throws AppError `body_too_large` as soon as it is known, on the wire or inflated; `body_timeout`, `invalid_gzip`, `busy`.
 */
export async function readBody(
  source: AsyncIterable<Uint8Array>,
  isGzip: boolean,
  limits: BodyLimits,
  lease: BodyLease,
  pace: BodyPace = BODY_PACE,
): Promise<Buffer> {
  // Not in object mode: its chunks are then buffers, whatever kind of bytes they were.
  const stream = source instanceof Readable ? source : Readable.from(source, { objectMode: false })
  const wire = await collect(stream, limits.bodyBytes, lease, pace)
  if (!isGzip) return wire
  const inflated = await inflate(wire, limits.bodyBytes)
  lease.take(inflated.length)
  return inflated
}

/** Listeners, not an async iterator: for a body of one chunk that is several promises fewer. */
function collect(stream: Readable, limit: number, lease: BodyLease, pace: BodyPace): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const from = Date.now()
    let first: Buffer | undefined
    let chunks: Buffer[] | undefined
    let size = 0
    let timer = setTimeout(checkPace, pace.graceMs)

    function checkPace(): void {
      const elapsed = Date.now() - from
      if (elapsed >= pace.totalMs || size < (elapsed / 1000) * pace.bytesPerSecond) {
        fail(new AppError("body_timeout", "The body arrived too slowly."))
        return
      }
      timer = setTimeout(checkPace, Math.min(pace.checkEveryMs, pace.totalMs - elapsed))
    }
    function fail(error: unknown): void {
      clearTimeout(timer)
      stream.off("data", onData)
      stream.pause()
      reject(error)
    }
    function onData(chunk: Buffer): void {
      size += chunk.length
      if (size > limit) {
        fail(tooLarge(limit))
        return
      }
      try {
        lease.take(chunk.length)
      } catch (error) {
        fail(error)
        return
      }
      if (first === undefined) first = chunk
      else if (chunks === undefined) chunks = [first, chunk]
      else chunks.push(chunk)
    }
    stream.on("data", onData)
    stream.on("end", () => {
      clearTimeout(timer)
      resolve(chunks === undefined ? (first ?? EMPTY) : Buffer.concat(chunks, size))
    })
    stream.on("error", (cause) => fail(new AppError("invalid_json", "The body ended too early.", { cause })))
  })
}

const EMPTY = Buffer.alloc(0)
const inflateBuffer = promisify<Buffer, { maxOutputLength: number; chunkSize: number }, Buffer>(gunzip)

/** Inflates chunk by chunk off the main thread and stops at the limit, whatever the body claims to hold. */
async function inflate(wire: Buffer, limit: number): Promise<Buffer> {
  try {
    return await inflateBuffer(wire, { maxOutputLength: limit, chunkSize: 64 * 1024 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(limit)
    throw new AppError("invalid_gzip", "The body is not one whole gzip stream.", { cause })
  }
}

export function tooLarge(limit: number): AppError {
  return new AppError("body_too_large", `A body may have at most ${limit} bytes, on the wire and inflated.`)
}
