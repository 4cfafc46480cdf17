import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs"
import type { WireEvent } from "./wire.js"

/** Answered lines are dropped at latest when the file has grown by this much. */
const COMPACT_BYTES = 8 * 1024 * 1024

/**
 * Events on disk before they are sent: one JSON line each, and a line `{"answered": n}` for the n oldest that have been answered. What a killed
 * process left is sent again by the next one; Andon knows an event by its id and counts it once. A file belongs to one process at a time.
 */
export class Journal {
  private readonly fd: number
  private readonly lock: string
  private waiting: string[]
  private bytes = 0

  /** @throws Error when another living process has the file. */
  constructor(readonly path: string) {
    this.lock = `${path}.lock`
    takeLock(this.lock)
    this.waiting = existsSync(path) ? unanswered(readFileSync(path, "utf8")) : []
    this.fd = openSync(path, "a+", 0o600)
    this.rewrite()
  }

  /** What an earlier process left, oldest first. */
  left(): WireEvent[] {
    return this.waiting.map((line) => JSON.parse(line) as WireEvent)
  }

  /** On disk when it returns: a killed process loses nothing that it appended. */
  append(event: WireEvent): void {
    const line = JSON.stringify(event)
    this.waiting.push(line)
    this.write(`${line}\n`)
  }

  answered(count: number): void {
    this.waiting.splice(0, count)
    if (this.waiting.length === 0 || this.bytes > COMPACT_BYTES) this.rewrite()
    else this.write(`{"answered":${count}}\n`)
  }

  close(): void {
    closeSync(this.fd)
    rmSync(this.lock, { force: true })
  }

  private write(text: string): void {
    writeSync(this.fd, text)
    this.bytes += text.length
  }

  private rewrite(): void {
    ftruncateSync(this.fd, 0)
    this.bytes = 0
    if (this.waiting.length > 0) this.write(`${this.waiting.join("\n")}\n`)
  }
}

/** The last line of a killed process may be half a line: it was never handed over. */
function unanswered(text: string): string[] {
  const waiting: string[] = []
  for (const line of text.split("\n").slice(0, -1)) {
    const answered = /^\{"answered":(\d+)\}$/.exec(line)
    if (answered) waiting.splice(0, Number(answered[1]))
    else if (isJson(line)) waiting.push(line)
  }
  return waiting
}

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === "object"
  } catch {
    return false
  }
}

function takeLock(path: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 0) throw error
      const owner = Number(readFileSync(path, "utf8"))
      if (owner !== process.pid && isAlive(owner)) throw new Error(`${path}: process ${owner} uses this journal`)
      rmSync(path, { force: true })
    }
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"
  }
}
