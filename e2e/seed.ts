import { execFileSync } from "node:child_process"
import { E2E } from "./environment"

/** Projects that the tests look at and none of them changes: a small demo, what went wrong, and the names that break screens. */
const SCENARIOS = [
  ["demo", "--scale", "0.1"],
  ...["halt-mid-run", "unknown-model", "skipped-step", "retry-storm"].map((name) => [name, "--project", "cases"]),
  ["awkward-names"],
  ["empty-project"],
]

/** Runs once the server is ready, before the first test. */
export default function seed(): void {
  for (const scenario of SCENARIOS)
    execFileSync(process.execPath, ["--import", "tsx", "scripts/seed.ts", ...scenario], {
      env: { ...process.env, ANDON_DATA_DIR: E2E.dataDir },
      stdio: ["ignore", "ignore", "pipe"],
    })
}
