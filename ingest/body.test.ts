import { Readable } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import { gzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { BODY_PACE, BodyLease, heldBytes, readBody } from "./body"

const limits = { bodyBytes: 1000, inFlightBytes: 5000 }
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => "read",
    (error) => error.code,
  )

async function read(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, isGzip = false, pace = BODY_PACE) {
  const lease = new BodyLease(limits.inFlightBytes)
  try {
    return await readBody(chunks as AsyncIterable<Uint8Array>, isGzip, limits, lease, pace)
  } finally {
    lease.release()
  }
}

describe("size", () => {
  test("a body of exactly the limit is read, one byte more is not", async () => {
    expect((await read([Buffer.alloc(1000, "x")])).length).toBe(1000)
    expect(await code(read([Buffer.alloc(600), Buffer.alloc(401)]))).toBe("body_too_large")
  })

  test("chunks are joined in order", async () => {
    expect((await read([Buffer.from("ab"), Buffer.from("c"), Buffer.from("de")])).toString()).toBe("abcde")
  })

  test("bytes of any kind become text", async () => {
    expect((await read([new TextEncoder().encode("[é]")])).toString()).toBe("[é]")
  })

  test("no chunk at all is an empty body", async () => {
    expect((await read([])).length).toBe(0)
  })

  test("an endless body is refused at the limit, not at its end", async () => {
    let given = 0
    async function* endless() {
      for (;;) {
        given += 100
        yield Buffer.alloc(100)
      }
    }
    expect(await code(read(endless()))).toBe("body_too_large")
    expect(given).toBeLessThan(100_000)
  })
})

describe("gzip", () => {
  test("a body that inflates to exactly the limit is read, one byte more is not", async () => {
    expect((await read([gzipSync(Buffer.alloc(1000))], true)).length).toBe(1000)
    expect(await code(read([gzipSync(Buffer.alloc(1001))], true))).toBe("body_too_large")
  })

  test("B06: 50 MiB of zeros are refused without being inflated", async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
    const lease = new BodyLease(128 * 1024 * 1024)
    const before = process.memoryUsage().rss
    const from = performance.now()
    const refused = await code(
      readBody(Readable.from([bomb]), true, { bodyBytes: 20 * 1024 * 1024, inFlightBytes: 1e9 }, lease),
    )
    lease.release()
    expect(refused).toBe("body_too_large")
    expect(performance.now() - from).toBeLessThan(500)
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1024 * 1024)
  })

  test("B05: corrupt, cut and absent gzip are invalid_gzip", async () => {
    const whole = gzipSync(Buffer.from("[]"))
    expect(await code(read([Buffer.from("not gzip at all")], true))).toBe("invalid_gzip")
    expect(await code(read([whole.subarray(0, whole.length - 4)], true))).toBe("invalid_gzip")
    expect(await code(read([], true))).toBe("invalid_gzip")
  })
})

describe("pace", () => {
  const pace = { graceMs: 60, bytesPerSecond: 1000, totalMs: 400, checkEveryMs: 20 }
  async function* drip(bytes: number, everyMs: number) {
    for (;;) {
      yield Buffer.alloc(bytes)
      await sleep(everyMs)
    }
  }

  test("F18: a body that trickles below the rate is a timeout soon after the grace", async () => {
    const from = performance.now()
    expect(await code(read(drip(1, 10), false, pace))).toBe("body_timeout")
    expect(performance.now() - from).toBeLessThan(250)
  })

  test("a body above the rate has until the total, and no longer", async () => {
    const from = performance.now()
    expect(await code(read(drip(20, 10), false, pace))).toBe("body_timeout")
    expect(performance.now() - from).toBeGreaterThan(350)
  })

  test("a body that never begins is a timeout", async () => {
    const silent = new Readable({ read() {} })
    const lease = new BodyLease(1000)
    expect(await code(readBody(silent, false, limits, lease, pace))).toBe("body_timeout")
  })

  test("a sender that goes away is an error, not a short body", async () => {
    const broken = new Readable({ read() {} })
    broken.push(Buffer.from("[]"))
    setTimeout(() => broken.destroy(new Error("aborted")), 10)
    const lease = new BodyLease(1000)
    expect(await code(readBody(broken, false, limits, lease))).toBe("invalid_json")
    lease.release()
  })
})

describe("what all requests hold together", () => {
  test("past the bound a request is busy; what was held is free again after the release", async () => {
    const first = new BodyLease(1500)
    await readBody(Readable.from([Buffer.alloc(900)]), false, limits, first)
    const second = new BodyLease(1500)
    expect(await code(readBody(Readable.from([Buffer.alloc(900)]), false, limits, second))).toBe("busy")
    second.release()
    first.release()
    expect(heldBytes()).toBe(0)
  })
})
