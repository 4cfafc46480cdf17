export type Cell = string | number | bigint | boolean | null

/** Text of a PostgreSQL array. Numbers and booleans go bare, everything else quoted. */
export function arrayLiteral(cells: readonly Cell[]): string {
  let out = "{"
  for (let i = 0; i < cells.length; i++) {
    if (i > 0) out += ","
    const cell = cells[i] as Cell
    if (cell === null) out += "NULL"
    else if (typeof cell === "string") out += quoted(cell)
    else out += cell
  }
  return `${out}}`
}

/** One cell of it. */
export function quoted(text: string): string {
  if (!text.includes('"') && !text.includes("\\")) return `"${text}"`
  if (text !== escaped.text) escaped = { text, quoted: `"${text.replace(/["\\]/g, "\\$&")}"` }
  return escaped.quoted
}

/** Rows that follow each other often hold the same JSON. */
let escaped = { text: "", quoted: "" }
