import { fileURLToPath } from "node:url"
import type { NextConfig } from "next"

const root = fileURLToPath(new URL(".", import.meta.url))

/** Our own server stands in front of Next (`server/`), so there is no standalone output and no compression here. */
const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `npm test` checks the types, of the tests too, whose packages are not installed where pages are only served.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  // The driver is loaded from node_modules, so that pages and the server in front share one copy of it.
  serverExternalPackages: ["postgres"],
  // Without a root, a lockfile in a parent folder of the checkout would move it there.
  turbopack: { root },
  outputFileTracingRoot: root,
}

export default config
