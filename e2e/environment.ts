import { randomBytes } from "node:crypto"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** Made once by the process that reads the configuration; the workers inherit it. Nothing of it outlives the run. */
function once(name: string, make: () => string): string {
  process.env[name] ??= make()
  return process.env[name]
}

const port = Number(once("E2E_PORT", () => "3917"))

/** The installation that the tests talk to: its address, its first admin, its project and a key of it. */
export const E2E = {
  port,
  url: `http://127.0.0.1:${port}`,
  email: "admin@example.test",
  password: once("E2E_PASSWORD", () => randomBytes(24).toString("base64url")),
  /** Of the server, which removes it at its end; scripts find its database there. */
  dataDir: once("E2E_DATA_DIR", () => mkdtempSync(join(tmpdir(), "andon-e2e-"))),
  project: "acceptance",
  /** Where a test may listen for alerts: the one address on this machine that the server is allowed to tell. */
  alertsPort: Number(once("E2E_ALERTS_PORT", () => String(port + 1))),
  key: once("E2E_KEY", () => `andon_live_${randomBytes(4).toString("hex")}_${randomBytes(32).toString("base64url")}`),
}
