/** Stands for a list of alike objects, told by columns. */
const COLUMNS = "$columns"
/** So many rows are needed before naming the columns once is shorter. */
const LEAST_ROWS = 3

type Json = unknown
/** What JSON writes as an object as it is; a date, for one, says itself what is written. */
const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype

/**
 * The same as JSON would say it, with lists of alike objects told by columns: their keys stand once, and so does a column of one value.
 * A list of points is most of what a page holds, and most of a point is the names of its fields. `unpack` gives back what was packed.
 */
export function pack(value: Json): Json {
  if (Array.isArray(value)) return packList(value)
  if (!isObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, pack(one)] as const]))
  // Somebody's own object of this shape must not be taken for a list.
  return Object.hasOwn(value, COLUMNS) ? { [COLUMNS]: null, entries } : Object.fromEntries(entries)
}

function packList(list: readonly Json[]): Json {
  const keys = alikeKeys(list)
  if (keys === null) return list.map(pack)
  const rows = list as readonly Record<string, Json>[]
  const columns = keys.map((key) => {
    const column = rows.map((row) => row[key])
    const [first] = column
    return !isCompound(first) && column.every((one) => one === first) ? [first] : packList(column)
  })
  return { [COLUMNS]: keys, rows: list.length, columns }
}

const isCompound = (value: Json) => typeof value === "object" && value !== null

/** The keys that every one of them has, in one order; null when they are not alike, or too few. */
function alikeKeys(list: readonly Json[]): string[] | null {
  const [first] = list
  if (list.length < LEAST_ROWS || !isObject(first)) return null
  const keys = Object.keys(first)
  if (keys.length === 0) return null
  const isAlike = (one: Json) =>
    isObject(one) &&
    Object.keys(one).length === keys.length &&
    // Its own: of "constructor" every object has one. A field without a value is no field in JSON: it must not come back as null.
    keys.every((key) => Object.hasOwn(one, key) && one[key] !== undefined)
  return list.every(isAlike) ? keys : null
}

export function unpack(value: Json): Json {
  if (Array.isArray(value)) return value.map(unpack)
  if (!isObject(value)) return value
  if (!Object.hasOwn(value, COLUMNS)) return fromEntries(Object.entries(value))
  const keys = value[COLUMNS]
  if (keys === null) return fromEntries(value.entries as [string, Json][])
  return unpackRows(keys as string[], value.rows as number, value.columns as Json[])
}

function unpackRows(keys: readonly string[], rows: number, packed: readonly Json[]): Json[] {
  const columns = packed.map((column) => unpack(column) as Json[])
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(keys.map((key, at) => [key, columns[at]?.length === 1 ? columns[at][0] : columns[at]?.[row]])),
  )
}

const fromEntries = (entries: [string, Json][]) => Object.fromEntries(entries.map(([key, one]) => [key, unpack(one)]))
