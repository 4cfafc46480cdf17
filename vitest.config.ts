import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const skip = ["**/node_modules/**", "**/.next/**", "e2e/**", "**/fixtures/violations/**"]

/**
 * `unit` needs nothing but Node; `db` runs on a real PostgreSQL server that `db/testing-setup.ts` starts once;
 * `http` talks to whole servers, each with its own database, two files at a time.
 * Days must not depend on the machine's zone, so every test runs in UTC.
 */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } },
  oxc: { jsx: { runtime: "automatic" } },
  test: {
    env: { TZ: "UTC" },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...skip, "**/*.db.test.ts", "**/*.http.test.ts"],
          // Ten thousand runs decided twice take a second; a bound that a busy machine breaks says nothing of them.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude: skip,
          globalSetup: ["db/testing-setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "http",
          include: ["**/*.http.test.ts"],
          exclude: skip,
          globalSetup: ["server/testing-setup.ts"],
          // Most of their time is waiting, for deadlines and servers that end; three and more servers at once would miss bounds on two cores.
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
    ],
  },
})
