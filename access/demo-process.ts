import { fork } from "node:child_process"
import { AppError } from "@/lib/errors"
import { plural } from "@/lib/format"

type Told = { done: number; total: number }
const isTold = (message: unknown): message is Told =>
  typeof message === "object" &&
  message !== null &&
  typeof (message as Told).done === "number" &&
  typeof (message as Told).total === "number"

/**
 * Runs `npm run seed -- demo` beside this server, which has made the repository its folder. The child tells how far it is, and ends when this
 * process does.
 * @returns what came of it. @throws AppError `internal_error` with the child's last line.
 */
export async function runSeed(
  slug: string,
  scale: number,
  report: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<string> {
  // --force: whoever asked is an administrator of exactly this database, and the data goes into a project of its own.
  const args = ["demo", ...(slug === "demo" ? [] : ["--project", slug]), "--scale", String(scale), "--force"]
  return await new Promise<string>((resolve, reject) => {
    const child = fork(/* turbopackIgnore: true */ "scripts/seed.ts", args, {
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      signal,
      killSignal: "SIGTERM",
    })
    let said = ""
    let made = 0
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-2000)
    })
    child.on("message", (message) => {
      if (!isTold(message)) return
      made = message.done
      report(message.done, message.total)
    })
    child.on("error", reject)
    child.on("exit", (code) => {
      if (code === 0) return resolve(`Made ${slug} with ${plural(made, "event")}.`)
      const last = said.trim().split("\n").at(-1) ?? ""
      reject(new AppError("internal_error", `The demo data was not made whole: ${last || `it ended with ${code}`}`))
    })
  })
}
