import { defineConfig, devices } from "@playwright/test"
import { E2E } from "./e2e/environment"

/** A browser that talks to nobody but us; Chromium's sandbox needs a user that is not root. */
const args = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-dev-shm-usage",
  "--disable-domain-reliability",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
]

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/seed.ts",
  outputDir: "test-results",
  forbidOnly: true,
  fullyParallel: false,
  workers: 2,
  // A test that passes the second time has found something.
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices["Desktop Chrome"],
    baseURL: E2E.url,
    // What cannot be pressed by then says so itself, not the test's end.
    actionTimeout: 15_000,
    locale: "en-US",
    timezoneId: "UTC",
    contextOptions: { reducedMotion: "reduce" },
    trace: "retain-on-failure",
    launchOptions: { args, executablePath: process.env.CHROME_PATH || undefined },
  },
  webServer: {
    command: "node scripts/e2e-server.mjs",
    url: `${E2E.url}/healthz/ready`,
    timeout: 240_000,
    reuseExistingServer: false,
    // Anything ruder would leave the database running.
    gracefulShutdown: { signal: "SIGTERM", timeout: 20_000 },
    stdout: "pipe",
    env: {
      HOST: "127.0.0.1",
      PORT: String(E2E.port),
      ANDON_DATA_DIR: E2E.dataDir,
      ANDON_URL: E2E.url,
      ANDON_INIT_ADMIN_EMAIL: E2E.email,
      ANDON_INIT_ADMIN_PASSWORD: E2E.password,
      ANDON_INIT_PROJECT: E2E.project,
      ANDON_INIT_INGEST_KEY: E2E.key,
      ANDON_ALERT_ALLOW: `127.0.0.1:${E2E.alertsPort}`,
    },
  },
})
