import { getTableColumns, getTableName } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import { type Cell, quoted } from "@/db/array-literal"

export type { Cell }

/** The columns that a statement takes, each with where its cell comes from; written side by side, so that none can be mistaken for its neighbour. */
export type Columns<Row> = { readonly names: readonly string[]; readonly cells: readonly ((row: Row) => Cell)[] }

export function columns<Row>(spec: Record<string, (row: Row) => Cell>): Columns<Row> {
  return { names: Object.keys(spec), cells: Object.values(spec) }
}

/**
 * Rows on their way to the database: one text parameter a column, each a PostgreSQL array literal, which is the quickest way into `unnest` (Drizzle's values() costs
 * 8 to 10 times the CPU, and postgres.js takes no JS arrays here). Kept as the growing text of one array a column: no object a row is ever made.
 */
export class Rows<Row> {
  readonly #texts: string[]
  length = 0

  constructor(readonly columns: Columns<Row>) {
    this.#texts = columns.names.map(() => "")
  }

  add(row: Row): void {
    const { cells } = this.columns
    const comma = this.length === 0 ? "" : ","
    for (let i = 0; i < cells.length; i++) {
      const cell = (cells[i] as (row: Row) => Cell)(row)
      if (cell === null) this.#texts[i] += `${comma}NULL`
      else this.#texts[i] += typeof cell === "string" ? comma + quoted(cell) : comma + cell
    }
    this.length++
  }

  parameters(): string[] {
    return this.#texts.map((text) => `{${text}}`)
  }
}

/** `unnest($1::int[], …)` with the column types of the schema, so that a statement cannot drift from it. */
export function unnest(table: PgTable, names: readonly string[], firstParameter = 1): string {
  const columns = getTableColumns(table)
  const casts = names.map((name, i) => {
    const column = columns[name]
    if (!column) throw new Error(`${getTableName(table)} has no column ${name}`)
    return `($${firstParameter + i}::text)::${arrayType(column.getSQLType())}[]`
  })
  return `unnest(${casts.join(", ")})`
}

function arrayType(type: string): string {
  return type === "serial" ? "integer" : type === "bigserial" ? "bigint" : type
}

export function insertText(table: PgTable, names: readonly string[], tail = "", firstParameter = 1): string {
  return `insert into ${getTableName(table)} (${names.map((n) => `"${n}"`).join(", ")}) select * from ${unnest(table, names, firstParameter)} ${tail}`
}
