import { getTableColumns, getTableName } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"

/**
 * Rows as one text parameter a column, each a PostgreSQL array literal: the quickest way into `unnest` (Drizzle's values() costs 8 to 10 times
 * the CPU, and postgres.js takes no JS arrays here).
 */
export type Cell = string | number | bigint | boolean | null

/** Text of a PostgreSQL array. Numbers and booleans go bare, everything else quoted. */
export function arrayLiteral(cells: readonly Cell[]): string {
  let out = "{"
  for (let i = 0; i < cells.length; i++) {
    if (i > 0) out += ","
    const cell = cells[i] as Cell
    if (cell === null) out += "NULL"
    else if (typeof cell === "string") out += quote(cell)
    else out += cell
  }
  return `${out}}`
}

function quote(text: string): string {
  return text.includes('"') || text.includes("\\") ? `"${text.replace(/["\\]/g, "\\$&")}"` : `"${text}"`
}

/** Rows of one table on their way to the database: one list a column, in the order of `names`. */
export class Rows<Name extends string> {
  readonly columns: Cell[][]
  length = 0

  constructor(readonly names: readonly Name[]) {
    this.columns = names.map(() => [])
  }

  add(row: Record<Name, Cell>): void {
    for (let i = 0; i < this.names.length; i++) (this.columns[i] as Cell[]).push(row[this.names[i] as Name])
    this.length++
  }

  parameters(): string[] {
    return this.columns.map(arrayLiteral)
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

export function insertText(table: PgTable, names: readonly string[], tail = ""): string {
  return `insert into ${getTableName(table)} (${names.map((n) => `"${n}"`).join(", ")}) select * from ${unnest(table, names)} ${tail}`
}
