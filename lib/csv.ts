/**
 * CSV by RFC 4180 that a spreadsheet cannot take for a program. What a cell is follows from its column, not from its content: text gets quotes and,
 * where a formula could begin, a leading `'`; numbers stay numbers, so that -5.00 remains one. An absent value is an empty cell, an empty text `""`.
 */
export type CsvColumn<Row> =
  | { name: string; kind: "text"; of: (row: Row) => string | null }
  | { name: string; kind: "number"; of: (row: Row) => string | number | null }

/** White space, quotes and delimiters may stand before the character that starts a formula; full-width forms start one too. */
const FORMULA = /^[\s"',;|]*[=+\-@\t\r\0＝＋－＠]/
const NUMBER = /^-?\d+(\.\d+)?$/

export function csvText(value: string | null): string {
  if (value === null) return ""
  const text = FORMULA.test(value) ? `'${value}` : value
  return `"${text.replaceAll('"', '""')}"`
}

/** @throws RangeError for what is no plain decimal: a number column never holds text. */
export function csvNumber(value: string | number | null): string {
  if (value === null) return ""
  const text = String(value)
  if (!NUMBER.test(text)) throw new RangeError("not a plain decimal")
  return text
}

export function csvHeader<Row>(columns: readonly CsvColumn<Row>[]): string {
  return `${columns.map((column) => column.name).join(",")}\r\n`
}

export function csvLine<Row>(columns: readonly CsvColumn<Row>[], row: Row): string {
  const cells = columns.map((column) => (column.kind === "text" ? csvText(column.of(row)) : csvNumber(column.of(row))))
  return `${cells.join(",")}\r\n`
}
