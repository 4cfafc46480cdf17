import { afterAll, beforeAll } from "vitest"
import { closePools, configureDatabase, type ProjectTx, withProject } from "@/db/client"
import { createTestDatabase, type TestDatabase } from "@/db/testing"
import { Factory } from "@/db/testing-factories"
import { type Filters, parseFilters } from "@/lib/filters"

/** A database for one suite of the read side: rows by `make`, questions by `ask`, as the role that pages use. */
export function readerFor(now: number) {
  const state = {} as { database: TestDatabase; make: Factory }
  beforeAll(async () => {
    state.database = await createTestDatabase()
    configureDatabase(state.database.app)
    state.make = new Factory(state.database.owner)
  })
  afterAll(async () => {
    await closePools()
    await state.make.end()
    await state.database.drop()
  })
  return {
    get make() {
      return state.make
    },
    get database() {
      return state.database
    },
    /** Asks with the filters of a query string. */
    ask: <T>(project: number, query: string, question: (tx: ProjectTx, filters: Filters, now: number) => Promise<T>) =>
      withProject(project, (tx) => question(tx, parseFilters(new URLSearchParams(query)), now)),
  }
}

/** Every page of a list, one after the other; stops where a cursor leads back. */
export async function readAll<T>(
  read: (cursor: string | null) => Promise<{ items: T[]; next_cursor: string | null }>,
): Promise<T[]> {
  const items: T[] = []
  const seen = new Set<string>()
  for (let cursor: string | null = null; ; ) {
    const page = await read(cursor)
    items.push(...page.items)
    cursor = page.next_cursor
    if (cursor === null) return items
    if (seen.has(cursor)) throw new Error("a cursor came twice")
    seen.add(cursor)
  }
}
