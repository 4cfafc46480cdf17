import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { type Binaries, prepareBinaries } from "./binaries"

let root: string
let found: Binaries

/** A package as npm leaves it when install scripts are off: libraries under their full names only. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "andon-binaries-"))
  const native = join(root, "package/native")
  mkdirSync(join(native, "lib"), { recursive: true })
  mkdirSync(join(native, "bin"))
  writeFileSync(join(native, "bin/postgres"), "program")
  writeFileSync(join(native, "lib/libicuuc.so.60.2"), "library")
  const links = [{ source: "native/lib/libicuuc.so.60.2", target: "native/lib/libicuuc.so.60" }]
  writeFileSync(join(native, "pg-symlinks.json"), JSON.stringify(links))
  const bin = join(native, "bin")
  found = { native, initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), version: "18.4.0", major: 18 }
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

it("libraries that the install script did not link are linked in place, once", () => {
  for (let time = 0; time < 2; time++) {
    expect(prepareBinaries(found, join(root, "home"), () => true)).toEqual(found)
    expect(readFileSync(join(found.native, "lib/libicuuc.so.60"), "utf8")).toBe("library")
  }
})

it("a package that the server's account cannot read is copied whole into the data folder, once", () => {
  const home = join(root, "home")
  const first = prepareBinaries(found, home, () => false)
  expect(first.postgres).toBe(join(home, "native-18.4.0/bin/postgres"))
  expect(readFileSync(join(first.native, "lib/libicuuc.so.60"), "utf8")).toBe("library")
  writeFileSync(join(first.native, "mark"), "")
  expect(prepareBinaries(found, home, () => false)).toEqual(first)
  expect(existsSync(join(first.native, "mark"))).toBe(true)
})
