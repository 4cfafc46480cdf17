import { spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Fault } from "./fault"

const ROOT = fileURLToPath(new URL("../..", import.meta.url))

const ATTEMPTS = 5

/**
 * Proves that each fault can fail: its patch breaks a copy of the code, and there the fault must turn red.
 * @returns true when every mutant was found.
 */
export async function tryMutants(faults: readonly Fault[], seed: string): Promise<boolean> {
  let isFound = true
  for (const fault of faults) {
    const verdict = await tryMutant(fault, seed)
    process.stdout.write(`${fault.id} ${verdict.isFound ? "found   " : "SURVIVED"} ${fault.mutant}\n`)
    for (const line of verdict.lines) process.stdout.write(`    ${line}\n`)
    isFound &&= verdict.isFound
  }
  return isFound
}

async function tryMutant(fault: Fault, seed: string): Promise<{ isFound: boolean; lines: string[] }> {
  const patch = fileURLToPath(new URL(`mutants/${fault.id}.patch`, import.meta.url))
  if (!existsSync(patch)) return { isFound: false, lines: [`there is no ${fault.id}.patch`] }
  const copy = mkdtempSync(join(tmpdir(), `andon-mutant-${fault.id}-`))
  try {
    copyTree(copy)
    const applied = spawnSync("git", ["apply", "--whitespace=nowarn", patch], {
      cwd: copy,
      encoding: "utf8",
      env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
    })
    if (applied.status !== 0)
      return { isFound: false, lines: [`the patch does not fit the code any more: ${applied.stderr.trim()}`] }
    let lines: string[] = []
    // What strikes at a random moment may miss; a mutant survives when it is missed again and again.
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const { code, output } = await runFault(copy, fault.id, `${seed}-${attempt}`)
      const red = output.split("\n").filter((line) => line.includes(" RED ") || line.startsWith("    "))
      lines = (red.length > 0 ? red : output.trim().split("\n")).map((line) => line.trim()).slice(0, 6)
      // Any other end is no finding: a patch that keeps the program from starting would find itself.
      if (code === 1 && red.length > 0) return { isFound: true, lines }
    }
    return { isFound: false, lines }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The files that git knows, as they are now; what is installed and built is shared. */
function copyTree(copy: string): void {
  const listed = spawnSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" })
  for (const name of listed.stdout.split("\0")) {
    if (name === "" || !existsSync(join(ROOT, name))) continue
    mkdirSync(dirname(join(copy, name)), { recursive: true })
    cpSync(join(ROOT, name), join(copy, name))
  }
  for (const name of ["node_modules", ".next"]) symlinkSync(join(ROOT, name), join(copy, name))
}

async function runFault(copy: string, id: string, seed: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "scripts/faults.ts", id, "--short", "--no-build", "--seed", seed],
    {
      cwd: copy,
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  let output = ""
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      output += chunk
    })
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
  return { code, output }
}
