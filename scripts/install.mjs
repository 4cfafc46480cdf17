#!/usr/bin/env node
/** Installs what `npm start` leaves out, for the programs that play tests on servers of their own. Does nothing where it is there. */
import { install } from "./lib/install.mjs"
import { alone } from "./lib/setup-lock.mjs"

try {
  await alone(() => install("test"))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
