import type { Writable } from "node:stream"

type Output = Writable & { isTTY?: boolean; columns?: number }
export type Progress = {
  /** @param done of `total`, any unit; more than the total is shown as it is. */
  update(done: number, note?: string): void
  /** Ends the bar's line; `text` takes its place. */
  finish(text: string): void
}

const BAR = 30
const REDRAW_MS = 100
const LINE_MS = 5_000

/**
 * Tells a person how far a long piece of work is: a bar that is redrawn in place on a terminal, a plain line every five seconds elsewhere (logs, CI).
 * @param total null when it is not known: then counts alone are shown.
 */
export function progress(
  label: string,
  total: number | null,
  options: { unit?: string; out?: Output; now?: () => number } = {},
): Progress {
  const out: Output = options.out ?? process.stderr
  const now = options.now ?? (() => performance.now())
  const isTerminal = out.isTTY === true
  const started = now()
  let shown = isTerminal ? Number.NEGATIVE_INFINITY : started

  const line = (done: number, note: string | undefined): string => {
    const seconds = (now() - started) / 1000
    const rate = seconds > 0 ? Math.round(done / seconds) : 0
    const unit = options.unit ?? "events"
    const counts = `${done.toLocaleString("en-US")}${total === null ? "" : ` of ${total.toLocaleString("en-US")}`} ${unit}`
    const share = total ? Math.min(1, done / total) : null
    const percent = share === null ? "" : ` ${String(Math.floor(share * 100)).padStart(3)} %`
    const filled = Math.round((share ?? 0) * BAR)
    const bar = share === null || !isTerminal ? "" : ` [${"#".repeat(filled)}${".".repeat(BAR - filled)}]`
    return `${label}${bar}${percent}  ${counts}, ${rate.toLocaleString("en-US")}/s${note ? `, ${note}` : ""}`
  }

  return {
    update(done, note) {
      const at = now()
      if (at - shown < (isTerminal ? REDRAW_MS : LINE_MS)) return
      shown = at
      const text = line(done, note)
      out.write(isTerminal ? `\r\u001b[2K${text.slice(0, Math.max(20, (out.columns ?? 100) - 1))}` : `${text}\n`)
    },
    finish(text) {
      out.write(isTerminal ? `\r\u001b[2K${text}\n` : `${text}\n`)
    },
  }
}
