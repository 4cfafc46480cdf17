import type { Page } from "@playwright/test"

export const SIZES = {
  light: { scheme: "light", width: 1280, height: 800 },
  dark: { scheme: "dark", width: 1280, height: 800 },
  phone: { scheme: "light", width: 360, height: 780 },
} as const
export type Size = keyof typeof SIZES

/** What only the server knows: ids of things that were seeded. */
export type Known = { exception: string; baseline: string; later: string }

export type Shot = {
  name: string
  path: string | ((known: Known) => string)
  /** All three unless it says so. */
  sizes?: readonly Size[]
  /** As somebody who is not logged in. */
  isStranger?: boolean
  /** What to do on the page before the picture. */
  act?: (page: Page) => Promise<unknown>
}

const DESK: readonly Size[] = ["light", "dark"]
const AWKWARD: readonly Size[] = ["light", "phone"]

const openForm = (button: string) => (page: Page) => page.getByRole("button", { name: button }).first().click()

export const SHOTS: readonly Shot[] = [
  { name: "board", path: "/?project=demo" },
  { name: "wall", path: "/?project=demo&view=wall", sizes: ["dark"] },
  { name: "spend", path: "/spend?project=demo&last=30d&by=model&compare=previous" },
  { name: "spend-two-dimensions", path: "/spend?project=demo&last=30d&by=team&by=model", sizes: DESK },
  { name: "runs", path: "/runs?project=demo&last=7d" },
  { name: "compare", path: ({ baseline, later }) => `/runs/compare?project=demo&a=${baseline}&b=${later}` },
  { name: "halted", path: "/halted?project=demo" },
  { name: "exceptions", path: "/exceptions?project=demo" },
  { name: "exceptions-numbers", path: "/exceptions/numbers?project=demo" },
  { name: "exception", path: ({ exception }) => `/halted/${exception}?project=demo` },
  { name: "verifications", path: "/verifications?project=demo&last=30d" },
  { name: "trace", path: "/runs/halt-by-rule?project=demo" },
  { name: "reports", path: "/reports?project=demo" },
  { name: "settings", path: "/settings?project=demo" },
  { name: "settings-prices", path: "/settings/prices?project=demo" },
  { name: "settings-alerts", path: "/settings/alerts?project=demo", act: openForm("New channel") },
  { name: "settings-budgets", path: "/settings/budgets?project=demo" },
  { name: "settings-policies", path: "/settings/policies?project=demo", act: openForm("Write one") },
  { name: "settings-quality", path: "/settings/quality?project=demo" },
  { name: "settings-ledger", path: "/settings/ledger?project=demo", sizes: ["light"] },
  { name: "start", path: "/?project=start" },
  { name: "login", path: "/login", isStranger: true },
  {
    name: "search",
    path: "/?project=demo",
    sizes: ["light", "phone"],
    act: async (page) => {
      await page.getByRole("button", { name: "Search" }).click()
      await page.keyboard.type("invoice")
    },
  },
  { name: "awkward-board", path: "/?project=awkward", sizes: AWKWARD },
  { name: "awkward-runs", path: "/runs?project=awkward", sizes: AWKWARD },
  { name: "awkward-trace", path: "/runs/awkward-4?project=awkward", sizes: AWKWARD },
  { name: "many-workflows", path: "/?project=many-workflows", sizes: ["light"] },
  { name: "long-run", path: "/runs/long-run?project=shapes", sizes: AWKWARD },
  { name: "retry-storm", path: "/runs/retry-storm?project=shapes", sizes: ["light"] },
]
