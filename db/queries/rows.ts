import type { SQL } from "drizzle-orm"
import type { ProjectTx } from "@/db/client"
import { AppError } from "@/lib/errors"
import { TOKEN_BUCKETS, type Usage } from "@/lib/vocabulary"

/**
 * Rows of raw SQL are read, not cast: the compiler believes whatever it is told about them, these functions look.
 * PostgreSQL's bigint and numeric come as text, timestamps are made ISO text in the statement.
 */
export type Row = Record<string, unknown>

export async function selectRows(tx: ProjectTx, statement: SQL): Promise<Row[]> {
  return [...(await tx.execute(statement))] as Row[]
}

export function first(rows: Row[]): Row {
  const row = rows[0]
  if (!row) throw new AppError("not_found", "There is nothing here.")
  return row
}

export function readText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== "string") throw wrong(column, value)
  return value
}

export function readTextOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : readText(row, column)
}

export function readBoolean(row: Row, column: string): boolean {
  const value = row[column]
  if (typeof value !== "boolean") throw wrong(column, value)
  return value
}

/** An integer that a double holds exactly; sums past 2^53 would be a lie, so they throw. */
export function readCount(row: Row, column: string): number {
  const value = row[column]
  const number = typeof value === "string" ? Number(value) : value
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw wrong(column, value)
  return number
}

export function readCountOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : readCount(row, column)
}

const DECIMAL = /^-?\d+(\.\d+)?$/

/** A decimal string as `trim_scale` writes it: exact, no exponent. */
export function readMoney(row: Row, column: string): string {
  const value = readText(row, column)
  if (!DECIMAL.test(value)) throw wrong(column, value)
  return value
}

export function readMoneyOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : readMoney(row, column)
}

export function readWord<T extends string>(row: Row, column: string, allowed: readonly T[]): T {
  const value = allowed.find((word) => word === row[column])
  if (value === undefined) throw wrong(column, row[column])
  return value
}

export function readWordOrNull<T extends string>(row: Row, column: string, allowed: readonly T[]): T | null {
  return row[column] === null ? null : readWord(row, column, allowed)
}

export function readUsage(row: Row): Usage {
  return Object.fromEntries(TOKEN_BUCKETS.map((bucket) => [bucket, readCount(row, bucket)])) as Usage
}

/** jsonb that holds a list. */
export function readArray(row: Row, column: string): unknown[] {
  const value = row[column]
  if (!Array.isArray(value)) throw wrong(column, value)
  return value
}

function wrong(column: string, value: unknown): Error {
  return new Error(`column ${column} holds an unexpected ${value === null ? "null" : typeof value}`)
}
