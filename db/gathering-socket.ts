import { connect, type NetConnectOpts, type Socket } from "node:net"

type Target = { path: string }

/** Above what one transaction writes: at node's 16 kB postgres.js would hold each further statement back until the one before is answered. */
const HIGH_WATER_MARK = 64 * 1024 * 1024

/**
 * A connection to the database that sends what one turn of the event loop writes as one piece. postgres.js writes each statement of more than a
 * kilobyte by itself, and each write wakes the server process anew: on two cores that was a third of the CPU of a small transaction.
 */
export function gatheringSocket(target: Target): Socket {
  const socket = connect({ path: target.path, writableHighWaterMark: HIGH_WATER_MARK } as NetConnectOpts)
  const write = socket.write.bind(socket) as Socket["write"]
  socket.write = ((...chunk: Parameters<Socket["write"]>) => {
    if (socket.writableCorked === 0) {
      socket.cork()
      // After the microtasks of this turn: the statements of a transaction are queued by promises.
      process.nextTick(() => socket.uncork())
    }
    return write(...chunk)
  }) as Socket["write"]
  return socket
}
