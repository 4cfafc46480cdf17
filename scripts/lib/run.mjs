import { spawn } from "node:child_process"
import { ROOT } from "./paths.mjs"

/** A command that did not end with 0; `output` holds its last lines. */
export class CommandError extends Error {
  /** @param {string} command @param {string} output @param {number | null} code */
  constructor(command, output, code) {
    super(`${command} ended with ${code ?? "a signal"}`)
    this.output = output
    this.code = code
  }
}

/**
 * Runs a program in the repository.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env?: Record<string, string | undefined>, onLine?: (line: string) => void, timeoutMs?: number }} [options]
 *   `onLine` gets each line as it comes; after `timeoutMs` the program is ended.
 * @returns {Promise<string>} its output, both streams
 * @throws {CommandError}
 */
export function run(program, args, options = {}) {
  const { onLine, timeoutMs } = options
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1", FORCE_COLOR: undefined, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
    })
    const stop = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal)
    const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])
    for (const signal of signals) process.on(signal, stop)
    let output = ""
    let partial = ""
    const take = (/** @type {Buffer} */ part) => {
      output += part
      const lines = (partial + part).split("\n")
      partial = lines.pop() ?? ""
      if (onLine) for (const line of lines) onLine(line)
    }
    child.stdout.on("data", take)
    child.stderr.on("data", take)
    child.on("error", reject)
    child.on("close", (code, signal) => {
      for (const name of signals) process.off(name, stop)
      // Stopped by a person: so are we, and nothing more is said.
      if (signal === "SIGINT" || signal === "SIGTERM") process.exit(signal === "SIGINT" ? 130 : 143)
      if (code === 0) resolve(output)
      else reject(new CommandError([program, ...args].join(" "), output, code))
    })
  })
}

/** Runs a package's command by its file: no shell, no npx, no look-up. @param {string} file @param {string[]} args @param {Parameters<typeof run>[2]} [options] */
export function runNode(file, args, options) {
  return run(process.execPath, [file, ...args], options)
}
