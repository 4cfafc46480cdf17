/** One line of two lists laid side by side: the same item in both, or an item that only one of them has. */
type Aligned<T> = { a: T | null; b: T | null }

/**
 * Lays two lists side by side so that as many equal names as possible stand on one line, in the order of both (longest common subsequence).
 * Between two common lines, what only the first list has stands before what only the second has.
 */
export function align<T>(a: readonly T[], b: readonly T[], nameOf: (item: T) => string): Aligned<T>[] {
  const [namesA, namesB] = [a.map(nameOf), b.map(nameOf)]
  const width = b.length + 1
  // common[i * width + j]: how many lines a[i…] and b[j…] can share.
  const common = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = namesA[i] === namesB[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const lines: Aligned<T>[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && namesA[i] === namesB[j]) lines.push({ a: a[i++] as T, b: b[j++] as T })
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push({ a: a[i++] as T, b: null })
    else lines.push({ a: null, b: b[j++] as T })
  }
  return lines
}
