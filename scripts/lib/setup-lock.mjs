import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { ROOT } from "./paths.mjs"

const FOLDER = join(ROOT, ".andon-setup")
const LOCK = join(FOLDER, "lock")

/**
 * Lets one process at a time install and build in a checkout; the others wait, and then find nothing to do.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(work) {
  for (let told = false; !take(); told = true) {
    if (!told) console.log(`  Another process (pid ${holder()}) sets this checkout up; waiting for it`)
    await sleep(500)
  }
  const release = () => rmSync(LOCK, { force: true })
  process.on("exit", release)
  try {
    return await work()
  } finally {
    process.off("exit", release)
    release()
  }
}

/** A link to a file that already holds our pid: it appears whole or not at all. */
function take() {
  const mine = join(FOLDER, `pid-${process.pid}`)
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(mine, String(process.pid))
  try {
    linkSync(mine, LOCK)
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error
    const pid = holder()
    if (pid !== null && !lives(pid)) rmSync(LOCK, { force: true })
    return false
  } finally {
    rmSync(mine, { force: true })
  }
}

function holder() {
  try {
    return Number(readFileSync(LOCK, "utf8"))
  } catch {
    return null
  }
}

/** @param {number} pid */
function lives(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM"
  }
}
