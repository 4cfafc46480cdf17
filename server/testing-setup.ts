import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

const BUILD = fileURLToPath(new URL("../scripts/lib/build.mjs", import.meta.url))

/** Before tests over HTTP: pages that are those of the sources. Nothing to do when the last build is. */
export default function setup(): void {
  const work = `await (await import(${JSON.stringify(BUILD)})).build()`
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", work], {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "inherit",
  })
  if (status !== 0) throw new Error("the pages could not be built")
}
