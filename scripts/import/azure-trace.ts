import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import type { NativeEvent } from "@/lib/contracts/events"
import { parseInstant } from "@/lib/time"

/** The header of the public Azure LLM inference traces. */
const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens"
const ROW = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?),(\d{1,9}),(\d{1,9})$/

export type TraceRow = { event: NativeEvent; input: number; output: number }

/** SHA-256 of a file's bytes, hex. */
export async function fileHash(path: string): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest("hex")
}

/**
 * One row of the trace as a `cost` event: the file has calls but no runs. The id comes from the file's content and the row's number, so that the same
 * file sent twice is the same events. Instants are UTC with seven decimals; what is below the millisecond is cut by the server.
 * @param row counted from 1, without the header
 * @throws Error naming the row when it is not of the trace's form
 */
export function traceRow(
  line: string,
  row: number,
  file: string,
  model: { provider: string; model: string },
): TraceRow {
  const parts = ROW.exec(line)
  const at = parts ? `${parts[1]}T${parts[2]}Z` : ""
  if (!parts || parseInstant(at) === null)
    throw new Error(`row ${row} is not "TIMESTAMP,ContextTokens,GeneratedTokens": ${line.slice(0, 80)}`)
  const input = Number(parts[3])
  const output = Number(parts[4])
  const id = `azure:${file.slice(0, 32)}:${row}`
  return { event: { id, type: "cost", at, ...model, usage: { input, output } }, input, output }
}

/** The rows of a trace file, one at a time. @throws Error when the first line is not the trace's header, or a row is not of its form. */
export async function* traceRows(
  path: string,
  file: string,
  model: { provider: string; model: string },
): AsyncGenerator<TraceRow> {
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY })
  let row = -1
  for await (const raw of lines) {
    const line = row < 0 ? raw.replace(/^\ufeff/, "").trim() : raw.trim()
    row++
    if (row === 0) {
      if (line !== HEADER) throw new Error(`${path} is no Azure LLM inference trace: its first line is not ${HEADER}`)
    } else if (line !== "") {
      yield traceRow(line, row, file, model)
    }
  }
  if (row < 0) throw new Error(`${path} is empty`)
}
